import { z } from 'zod';
import { idOf } from '@/lib/ids/contract';
import { typedName } from '@/lib/names/contract';

export type StreamKind = 'webhook' | 'syslog' | 'bucket';

export const streamKindWords = {
  webhook: {
    label: 'Webhook',
    description: 'Batches of events by HTTPS, signed (Standard Webhooks).',
  },
  syslog: { label: 'Syslog', description: 'A message for each event, RFC 5424 over TLS.' },
  bucket: { label: 'Bucket', description: 'Files of JSON lines in an S3-compatible bucket.' },
} as const satisfies Record<StreamKind, { label: string; description: string }>;

const name = typedName({ min: 2, max: 60 });
/** The record from its beginning, or what happens from now on. */
const from = z.enum(['start', 'now']);
const address = (message: string) =>
  z
    .url({ protocol: /^https?$/, error: message })
    .max(2_000, message)
    .refine((url) => new URL(url).username === '' && new URL(url).password === '', message);

export const webhookSettings = z.strictObject({
  kind: z.literal('webhook'),
  url: address('Enter an address such as https://siem.example.com/tenantry.'),
});

export const syslogSettings = z.strictObject({
  kind: z.literal('syslog'),
  host: z
    .string()
    .trim()
    .min(1, 'Enter the name of the server.')
    .max(253)
    .regex(/^[A-Za-z0-9.:-]+$/, 'Enter a host name, without a port.'),
  port: z.coerce
    .number({ error: 'Enter a number.' })
    .int()
    .min(1, 'From 1 on.')
    .max(65_535, 'Up to 65535.'),
  /** Certificates (PEM) that the server's is signed by, besides those everybody trusts. */
  authority: z
    .string()
    .trim()
    .max(20_000)
    .refine(
      (pem) => pem === '' || /^-----BEGIN CERTIFICATE-----/.test(pem),
      'Paste a PEM certificate.',
    )
    .default(''),
});

export const bucketSettings = z.strictObject({
  kind: z.literal('bucket'),
  bucket: z
    .string()
    .trim()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'Enter the name of a bucket.'),
  region: z
    .string()
    .trim()
    .regex(/^[a-z0-9-]{2,40}$/, 'Enter a region such as eu-central-1.'),
  prefix: z
    .string()
    .trim()
    .max(200)
    .regex(/^$|^[A-Za-z0-9_=-][A-Za-z0-9._=/-]*[A-Za-z0-9_=-]$/, 'Letters, digits, - and / only.')
    .default(''),
  /** Of a server other than Amazon's; empty for Amazon's. */
  endpoint: z
    .union([z.literal(''), address('Enter an address such as https://minio.example.com.')])
    .default(''),
});

const accessKey = {
  accessKey: z.string().trim().min(1, 'Enter the key’s id.').max(200),
  secretAccessKey: z.string().trim().min(1, 'Enter the secret.').max(500),
};

export const createStreamInput = z.discriminatedUnion('kind', [
  webhookSettings.extend({ name, from }),
  syslogSettings.extend({ name, from }),
  bucketSettings.extend({ name, from, ...accessKey }),
]);
export type CreateStreamInput = z.input<typeof createStreamInput>;
export type NewStream = z.output<typeof createStreamInput>;

export const streamSettings = z.discriminatedUnion('kind', [
  webhookSettings,
  syslogSettings,
  bucketSettings,
]);
export type StreamSettings = z.output<typeof streamSettings>;

export const streamParams = z.object({ streamId: idOf('stream') });
export const removeStreamInput = z.strictObject({
  streamId: idOf('stream'),
  /** The stream's name, typed to confirm. */
  confirmation: z.string().max(60),
});

/** A stream as it stands. Times are ISO 8601 in UTC. */
export interface StreamRow {
  readonly id: string;
  readonly name: string;
  readonly kind: StreamKind;
  readonly state: 'active' | 'paused';
  /** Where to, in words; no secret. */
  readonly destination: string;
  readonly delivered: number;
  readonly deliveredAt: string | null;
  /** Sealed events that have not arrived. */
  readonly waiting: number;
  /** When the oldest of them happened. */
  readonly waitingSince: string | null;
  /** Why it does not arrive, and since when; null while it does. */
  readonly failure: string | null;
  readonly failingSince: string | null;
  readonly failures: number;
  readonly nextAttemptAt: string | null;
  readonly createdName: string;
  readonly createdAt: string;
}

export const platformStreamStates = ['failing', 'active', 'paused'] as const;
export type PlatformStreamState = (typeof platformStreamStates)[number];

const streamKinds = Object.keys(streamKindWords) as [StreamKind, ...StreamKind[]];

/** Filters of the streams across tenants as they stand in the URL. An unusable one is dropped. */
export const platformStreamFilter = z.object({
  tenant: idOf('tenant').optional().catch(undefined),
  state: z.enum(platformStreamStates).optional().catch(undefined),
  kind: z.enum(streamKinds).optional().catch(undefined),
});
export type PlatformStreamFilter = z.output<typeof platformStreamFilter>;

/** A stream as staff see it: how it stands, and neither what it is called nor where it leads. */
export interface PlatformStreamRow
  extends Pick<
    StreamRow,
    | 'id'
    | 'kind'
    | 'delivered'
    | 'deliveredAt'
    | 'failure'
    | 'failingSince'
    | 'failures'
    | 'nextAttemptAt'
    | 'createdAt'
  > {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly state: PlatformStreamState;
}

/** What became of a test. */
export type TestOutcome =
  | { readonly arrived: true; readonly milliseconds: number }
  | { readonly arrived: false; readonly why: string };

/** Where a stream leads, in words. */
export function destinationOf(settings: StreamSettings): string {
  switch (settings.kind) {
    case 'webhook':
      return settings.url;
    case 'syslog':
      return `${settings.host}:${settings.port} (TLS)`;
    case 'bucket': {
      const at = settings.endpoint === '' ? settings.region : new URL(settings.endpoint).host;
      return `${settings.bucket}${settings.prefix ? `/${settings.prefix}` : ''} at ${at}`;
    }
  }
}
