import type { Env } from '@/lib/env';

/** A setting that is fine for a demo and a hole in production. */
export interface Refusal {
  readonly setting: string;
  readonly problem: string;
  readonly remedy: string;
}

const standIns = [
  ['GOOGLE', 'Google'],
  ['MICROSOFT', 'Microsoft'],
  ['SLACK', 'Slack'],
] as const;

/** The address of a key, or of a way to it, without TLS and beyond this machine. */
const throughTheClear = /[:=]http:\/\/(?!(?:localhost|127\.0\.0\.1|\[::1\])[:/])/;

/** Whether two addresses lead to one database, whoever logs in and however they are written. */
function sameDatabase(one: string, other: string): boolean {
  const place = (address: string) => {
    if (!URL.canParse(address)) return address;
    const { hostname, port, pathname } = new URL(address);
    const host = ['127.0.0.1', '[::1]'].includes(hostname) ? 'localhost' : hostname.toLowerCase();
    return `${host}:${port || '5432'}${pathname}`;
  };
  return place(one) === place(other);
}

/**
 * The demo settings that a production start refuses. Empty in a demo.
 * @param embeddedDatabase the database is the one that `npm start` runs itself
 */
export function productionRefusals(env: Env, embeddedDatabase: boolean): readonly Refusal[] {
  if (env.TENANTRY_MODE !== 'production') return [];
  const refusals: Refusal[] = [];
  const refuse = (setting: string, problem: string, remedy: string) =>
    refusals.push({ setting, problem, remedy });
  if (!env.APP_URL.startsWith('https://')) {
    refuse(
      'APP_URL',
      `${env.APP_URL} is not https: sessions and consent codes would travel in the clear`,
      'set APP_URL to the https address that people use',
    );
  }
  for (const [key, name] of standIns) {
    if (env[`${key}_EMULATOR_URL`]) {
      refuse(
        `${key}_EMULATOR_URL`,
        `a stand-in would answer in place of ${name}`,
        `unset it, and set ${key}_CLIENT_ID and ${key}_CLIENT_SECRET`,
      );
    }
  }
  if (env.INNGEST_DEV) {
    refuse('INNGEST_DEV', 'anybody could send events for any tenant', 'unset it');
  }
  if (!env.ALLOW_LOCAL_KEY_FILE && (env.KEY_ENCRYPTION_KEY ?? 'file:').startsWith('file:')) {
    refuse(
      env.KEY_ENCRYPTION_KEY ? 'KEY_ENCRYPTION_KEY' : 'KEY_FILE',
      'the key that protects every credential would lie in a file on this machine',
      'set KEY_ENCRYPTION_KEY to a key in a key service, or ALLOW_LOCAL_KEY_FILE=1 if the file is backed up apart from the database and only this user can read it',
    );
  }
  if (throughTheClear.test(env.KEY_ENCRYPTION_KEY ?? '')) {
    refuse(
      'KEY_ENCRYPTION_KEY',
      'keys of organisations would travel in the clear to the key service',
      'give its https address, or that of an agent on this machine',
    );
  }
  if (env.KEY_STORE_URL && sameDatabase(env.KEY_STORE_URL, env.DATABASE_URL)) {
    refuse(
      'KEY_STORE_URL',
      'it is the database itself, whose backups would hold the keys all the same',
      'give a PostgreSQL with backups of its own, or unset it',
    );
  }
  if (!env.ALLOW_LOCAL_OBJECTS && (env.OBJECTS_URL ?? 'dir:').startsWith('dir:')) {
    refuse(
      'OBJECTS_URL',
      'exports and the checkpoints of the record would lie on this machine, beside the database that they are to prove',
      'set OBJECTS_URL to a bucket (s3://…), or ALLOW_LOCAL_OBJECTS=1 if one machine is enough',
    );
  }
  if (
    /[?&]endpoint=http:\/\/(?!(?:localhost|127\.0\.0\.1|\[::1\])[:/])/.test(env.OBJECTS_URL ?? '')
  ) {
    refuse(
      'OBJECTS_URL',
      'exports would travel in the clear to the bucket',
      'give the https address of its server',
    );
  }
  if (env.DELETION_GRACE_DAYS < 1) {
    refuse(
      'DELETION_GRACE_DAYS',
      'an organisation whose deletion was asked for by mistake could not be kept',
      'give it a day at least, or leave it out for thirty',
    );
  }
  if (!env.SMTP_URL) {
    refuse(
      'SMTP_URL',
      'mail would be kept in a folder, and nobody invited would ever hear of it',
      'set SMTP_URL to your mail server',
    );
  }
  if (env.QUERY_JOURNEY) {
    refuse(
      'QUERY_JOURNEY',
      'statements would be written to files with what is in them',
      'unset it',
    );
  }
  if (embeddedDatabase && !env.ALLOW_EMBEDDED_DATABASE) {
    refuse(
      'DATABASE_URL',
      'the embedded PostgreSQL has no replica and no backups of its own',
      'set DATABASE_URL to your PostgreSQL, or ALLOW_EMBEDDED_DATABASE=1 if one machine is enough',
    );
  }
  return refusals;
}

/** All refusals as one paragraph. */
export function refusalText(refusals: readonly Refusal[]): string {
  const lines = refusals.map(
    ({ setting, problem, remedy }) => `${setting}: ${problem}; ${remedy}.`,
  );
  return `TENANTRY_MODE is production, and these settings are for a demo only. ${lines.join(' ')}`;
}
