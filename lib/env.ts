import { resolve } from 'node:path';
import { z } from 'zod';

/**
 * The only reader of `process.env`. Everything else imports `env`.
 *
 * Parsed on first use rather than at import, so that `next build` and tools that merely load
 * modules need no configuration.
 */
const optionalUrl = z.url().optional();
const flag = z
  .enum(['0', '1', 'true', 'false'])
  .default('0')
  .transform((value) => value === '1' || value === 'true');

const schema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  /** `demo` runs on emulators and local parts; `production` refuses them. */
  TENANTRY_MODE: z.enum(['demo', 'production']).default('demo'),
  PORT: z.coerce.number().int().min(1).max(65535).default(3000),
  /** Where to listen: `localhost` is both loopback addresses; `0.0.0.0` in a container. */
  LISTEN_HOST: z.string().default('localhost'),
  /** Seconds after SIGTERM in which `/api/ready` already fails and requests are still answered. */
  DRAIN_SECONDS: z.coerce.number().min(0).max(60).default(0),
  /** Bearer token for `/api/metrics`; without one it is closed in production and open in a demo. */
  METRICS_TOKEN: z.string().min(16).optional(),
  /** The address people see, without a trailing slash. */
  APP_URL: z.url().default('http://localhost:3000'),
  /** How many proxies stand in front of the web server; more than there are believes the caller. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(8).default(0),
  DATA_DIR: z
    .string()
    .default('.data')
    .transform((path) => resolve(path)),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),

  /** Logins of the serving roles; `npm start` makes them for the embedded server. */
  DATABASE_APP_URL: z.string().default(''),
  DATABASE_IDENTITY_URL: z.string().default(''),
  DATABASE_PLATFORM_URL: z.string().default(''),
  DATABASE_ENGINE_URL: z.string().default(''),
  /** Signs the tenant of each transaction; the same for every process that serves a database. */
  TENANT_CONTEXT_KEY: z.string().min(32).optional(),
  /** The owner's login: migrations and the doctor only. */
  DATABASE_URL: z.string().default(''),
  /** Serve production from the embedded PostgreSQL, knowing that it has no backups of its own. */
  ALLOW_EMBEDDED_DATABASE: flag,
  /** Serve production although the doctor could not look at everything; what it found still counts. */
  ALLOW_UNEXAMINED: flag,
  /** Milliseconds from which on a statement is slow, and is logged. */
  SLOW_QUERY_MS: z.coerce.number().int().min(1).default(250),
  /** For tests: a directory in which every distinct statement is written down, with parameters. */
  QUERY_JOURNEY: z.string().optional(),
  DATABASE_POOL: z.coerce.number().int().min(1).max(200).default(16),

  AUTH_SECRET: z.string().min(32).optional(),
  AUTH_GOOGLE_ID: z.string().optional(),
  AUTH_GOOGLE_SECRET: z.string().optional(),
  AUTH_GOOGLE_ISSUER: optionalUrl,
  AUTH_MICROSOFT_ID: z.string().optional(),
  AUTH_MICROSOFT_SECRET: z.string().optional(),
  AUTH_MICROSOFT_ISSUER: optionalUrl,

  /**
   * What wraps the tenants' keys: `file:<path>`, `aws-kms:<key ARN>`, `gcp-kms:<resource name>`,
   * `azure-keyvault:<key address>` or `vault-transit:<key address>`.
   */
  KEY_ENCRYPTION_KEY: z.string().optional(),
  /** The one before, in the same form, while tenants' keys are moved from it; several by commas. */
  KEY_ENCRYPTION_KEY_PREVIOUS: z.string().optional(),
  /** Short for `KEY_ENCRYPTION_KEY=file:…`; without either, a file at `$DATA_DIR/keys`. */
  KEY_FILE: z.string().optional(),
  ALLOW_LOCAL_KEY_FILE: flag,
  /** A PostgreSQL of its own for the wrapped keys of tenants; unset, they lie beside the rest. */
  KEY_STORE_URL: z.string().optional(),
  VAULT_TOKEN: z.string().optional(),
  /** Where an agent keeps the token fresh; goes before `VAULT_TOKEN`. */
  VAULT_TOKEN_FILE: z.string().optional(),
  VAULT_NAMESPACE: z.string().optional(),

  /**
   * Where files are kept: `dir:<path>` or `s3://<bucket>/<prefix>?region=…&endpoint=…`; unset, a
   * directory in `DATA_DIR`. Access to a bucket is found as the AWS SDK finds it.
   */
  OBJECTS_URL: z.string().optional(),
  /** Serve production with files on this machine, knowing that it has no copies of them. */
  ALLOW_LOCAL_OBJECTS: flag,

  /** The file with the key that signs the record's checkpoints; unset, one under `$DATA_DIR/keys`. */
  AUDIT_SIGNING_KEY: z.string().optional(),
  /** Files of those before it, by commas, which sign as well while verifiers learn the new one. */
  AUDIT_SIGNING_KEY_PREVIOUS: z.string().optional(),
  /** Where each checkpoint is sent as well, and the secret that signs what is sent. */
  AUDIT_CHECKPOINT_WEBHOOK: optionalUrl,
  AUDIT_CHECKPOINT_WEBHOOK_SECRET: z.string().min(16).optional(),
  /** Days for which checkpoints may be neither replaced nor deleted where files are kept. */
  AUDIT_CHECKPOINT_DAYS: z.coerce.number().int().min(1).max(36_500).default(365),

  /** Days in which the deletion of an organisation can be undone; production takes no less than one. */
  DELETION_GRACE_DAYS: z.coerce.number().min(0).max(365).default(30),

  GOOGLE_CLIENT_ID: z.string().optional(),
  GOOGLE_CLIENT_SECRET: z.string().optional(),
  /** Base address of a stand-in for Google's servers; unset, Google itself is called. */
  GOOGLE_EMULATOR_URL: optionalUrl,

  MICROSOFT_CLIENT_ID: z.string().optional(),
  MICROSOFT_CLIENT_SECRET: z.string().optional(),
  /** Path of a PEM file with the key and the certificate of our app; preferred to the secret. */
  MICROSOFT_CLIENT_CERTIFICATE: z.string().optional(),
  /** Base address of a stand-in for Microsoft's sign-in and Graph. */
  MICROSOFT_EMULATOR_URL: optionalUrl,

  SLACK_CLIENT_ID: z.string().optional(),
  SLACK_CLIENT_SECRET: z.string().optional(),
  /** Verifies that an event was sent by Slack. */
  SLACK_SIGNING_SECRET: z.string().optional(),
  /** Base address of a stand-in for Slack. */
  SLACK_EMULATOR_URL: optionalUrl,

  INNGEST_EVENT_KEY: z.string().optional(),
  INNGEST_SIGNING_KEY: z.string().optional(),
  INNGEST_BASE_URL: optionalUrl,
  INNGEST_DEV: z.string().optional(),

  SMTP_URL: z.string().optional(),
  MAIL_FROM: z.string().default('Tenantry <no-reply@tenantry.localhost>'),
  /** Whom people write to when they cannot get in, such as those of a suspended organisation. */
  SUPPORT_EMAIL: z.email().optional(),
});

export type Env = Readonly<z.infer<typeof schema>>;

let parsed: Env | undefined;

/** Thrown when the configuration cannot be used; the message names each variable and its fault. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/**
 * Read and validate the environment once.
 * @throws EnvironmentError naming every variable that is wrong
 */
export function loadEnv(source: Record<string, string | undefined> = process.env): Env {
  // An empty variable is an unset one: compose files and CI pass them through so.
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new EnvironmentError(`Configuration is not usable.\n  ${faults.join('\n  ')}`);
  }
  return Object.freeze(result.data);
}

export const env: Env = new Proxy({} as Env, {
  get(_target, key: keyof Env) {
    parsed ??= loadEnv();
    return parsed[key];
  },
});

/**
 * next-auth reads its own address from the environment and nowhere else; without it, it would believe
 * the Host header.
 */
export function shareAuthUrl(): void {
  process.env.AUTH_URL = env.APP_URL;
}
