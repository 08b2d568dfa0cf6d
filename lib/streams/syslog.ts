import { isIP } from 'node:net';
import { type ConnectionOptions, connect, rootCertificates } from 'node:tls';
import { asDeliveryError, DeliveryError } from './errors';
import { checkHost, guardedLookup } from './reach';

/** Milliseconds without anything happening. */
const idleLimit = 15_000;
/** Milliseconds of a whole delivery, whatever happens meanwhile. */
const wholeLimit = 30_000;
/** RFC 5424, 6.2.1: log audit. */
const facility = 13;
const severities = { success: 6, failure: 4, denied: 4 } as const;

export interface SyslogTarget {
  readonly host: string;
  readonly port: number;
  readonly authority: string;
}

export interface SyslogEvent {
  readonly sequence: number;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly action: string;
  readonly outcome: keyof typeof severities;
  /** JSON. */
  readonly body: string;
}

/** RFC 5424, 7.3.1: from 1 to 2147483647, then from 1 again. */
const sequenceId = (sequence: number) => (sequence % 2_147_483_647) + 1;

/** A message as RFC 5424 has it; the host is the organisation. */
export function syslogMessage(host: string, event: SyslogEvent): string {
  const priority = facility * 8 + severities[event.outcome];
  const id = event.action.replace(/[^\x21-\x7e]/g, '').slice(0, 32) || '-';
  return `<${priority}>1 ${event.at} ${host} tenantry - ${id} [meta sequenceId="${sequenceId(event.sequence)}"] \ufeff${event.body}`;
}

/** RFC 5425, 4.3: the octets of each message, counted, stand before it. */
const frame = (message: string): string => `${Buffer.byteLength(message)} ${message}`;

/**
 * Send messages over TLS, in their order, and close: what the other side took in before it closed too
 * has arrived, as far as syslog can tell.
 * @param limit milliseconds for all of it
 * @throws DeliveryError
 */
export async function sendSyslog(
  target: SyslogTarget,
  host: string,
  events: readonly SyslogEvent[],
  limit = wholeLimit,
): Promise<void> {
  const server = checkHost(target.host);
  const options: ConnectionOptions = {
    host: server,
    port: target.port,
    lookup: guardedLookup,
    minVersion: 'TLSv1.2',
    ...(isIP(server) === 0 ? { servername: server } : {}),
    ...(target.authority === '' ? {} : { ca: [...rootCertificates, target.authority] }),
  };
  const text = events.map((event) => frame(syslogMessage(host, event))).join('');
  await new Promise<void>((resolve, reject) => {
    const socket = connect(options);
    socket.setTimeout(idleLimit, () => socket.destroy(new DeliveryError('It does not answer.')));
    // Whoever sends a byte now and then is never idle.
    const timer = setTimeout(() => socket.destroy(new DeliveryError('It takes too long.')), limit);
    socket.once('secureConnect', () => socket.end(text));
    let sent = false;
    socket.once('finish', () => {
      sent = true;
    });
    socket.once('error', (error) => reject(asDeliveryError(error)));
    socket.once('close', () => {
      clearTimeout(timer);
      if (sent) resolve();
      else reject(new DeliveryError('It broke the connection off.'));
    });
    socket.resume();
  });
}
