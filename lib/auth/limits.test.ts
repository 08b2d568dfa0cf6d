import { expect, it } from 'vitest';
import { testDatabase } from '@/db/testing';
import { countAttempt, countLink, countSignUp, forgiveAttempt } from './limits';

testDatabase();

const hosts = (count: number, network: string) =>
  Array.from({ length: count }, (_, host) => `${network}:${(host + 1).toString(16)}`);

it.each([
  ['attempts to sign in', 60, (ip: string) => countAttempt(`${ip}@example.com`, ip)],
  ['new accounts', 100, countSignUp],
  ['looks at links', 120, countLink],
] as const)('%s are counted over all addresses of a network', async (_what, most, take) => {
  await Promise.all(hosts(most, '2001:db8:0:1:').map(take));
  await expect(take('2001:db8:0:1:ffff::1')).rejects.toMatchObject({ code: 'rate_limited' });
  await expect(take('2001:db8:0:2::1')).resolves.toBeUndefined();
});

it('an attempt that succeeds is given back to its network', async () => {
  await Promise.all(hosts(60, '2001:db8:0:3:').map((ip) => countAttempt(`${ip}@example.com`, ip)));
  await forgiveAttempt('ann@example.com', '2001:db8:0:3:ffff::1');
  const once = () => countAttempt('ann@example.com', '2001:db8:0:3::9');
  await expect(once()).resolves.toBeUndefined();
  await expect(once()).rejects.toMatchObject({ code: 'rate_limited' });
});
