import { lookup as resolve } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { env } from '@/lib/env';
import { DeliveryError } from './errors';

/** https://www.iana.org/assignments/iana-ipv4-special-registry, multicast and what is reserved. */
const special4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];
/** Inside 2000::/3, the only part of IPv6 that is routed: tunnels, benchmarks, documentation. */
const special6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const listOf = (ranges: readonly string[], family: 'ipv4' | 'ipv6') => {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits = ''] = range.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
};
const refused4 = listOf(special4, 'ipv4');
const refused6 = listOf(special6, 'ipv6');
const routed6 = listOf(['2000::/3'], 'ipv6');

/** Whether an address belongs to the internet at large: to nobody's own network, and not to us. */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !refused4.check(address, 'ipv4');
  return family === 6 && routed6.check(address, 'ipv6') && !refused6.check(address, 'ipv6');
}

/** In a demo receivers may run on the same machine. */
const anywhere = (): boolean => env.TENANTRY_MODE !== 'production';

const refusal = () =>
  new DeliveryError('It is not on the public internet. Events are sent nowhere else.');

/**
 * Looks a name up and refuses those that lead inside. It is the connection's own look: what was
 * checked is what is connected to, and a name that changes its mind in between changes nothing.
 */
export const guardedLookup: LookupFunction = (host, options, done) => {
  resolve(host, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, '', 0);
    const [first] = addresses;
    const inside = !anywhere() && addresses.some(({ address }) => !isPublic(address));
    if (!first || inside) return done(refusal(), '', 0);
    if (options.all) return done(null, addresses);
    done(null, first.address, first.family);
  });
};

/**
 * Whether a host that is written as an address may be connected to: those are never looked up.
 * @throws DeliveryError
 */
export function checkHost(host: string): string {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0 && !anywhere() && !isPublic(bare)) throw refusal();
  return bare;
}

/**
 * Whether an address of HTTP may be asked.
 * @throws DeliveryError
 */
export function checkUrl(address: string): URL {
  const url = new URL(address);
  if (url.protocol !== 'https:' && !anywhere()) {
    throw new DeliveryError('The address is not https: events would travel in the clear.');
  }
  checkHost(url.hostname);
  return url;
}

/** Agents whose connections go nowhere else; closed by the caller. */
export function guardedAgents(): {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
} {
  const options = { lookup: guardedLookup, keepAlive: false };
  return { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent(options) };
}
