import { parseArgs } from 'node:util';

export const halves = ['sql', 'http'] as const;
export type Half = (typeof halves)[number];

export interface IsolationOptions {
  /** Run one half only. */
  readonly only: Half | undefined;
  /** A login to a database that is there: it is looked at instead of one of the suite's own. */
  readonly database: string | undefined;
  /** Write nothing in it, not even what would be rolled back. */
  readonly readOnly: boolean;
  /** Print the report as JSON. */
  readonly json: boolean;
  /** Keep the summary in the running installation's database. */
  readonly record: boolean;
  readonly help: boolean;
}

export const help = `npm run isolation [-- options]

Tries to get from one tenant to another by every way that is known, and writes what held.

  --only sql|http    one half: statements, or requests (pages, actions, jobs, caches)
  --database URL     look at a database that is there, such as a restored backup: first what only
                     reads, then what would write, in one transaction that is rolled back. URL is a
                     superuser's login, or one that may act as each of the serving roles (SET ROLE)
  --read-only        with --database: only what reads, in READ ONLY transactions
  --json             print the report as JSON, and the closing line to standard error
  --record           keep the summary of a complete run in the database of the installation in
                     DATA_DIR or DATABASE_URL, for the console and the tenants' trust page

A complete run writes docs/trust/isolation.json and isolation.html; others write to test-results.`;

/** Thrown for a command line that makes no sense; the message says what would. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError */
export function readOptions(args: readonly string[]): IsolationOptions {
  let values: Readonly<Record<string, string | boolean | undefined>>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        database: { type: 'string' },
        'read-only': { type: 'boolean' },
        json: { type: 'boolean' },
        record: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (cause) {
    throw new UsageError(`${(cause as Error).message}\n\n${help}`, { cause });
  }
  const only = halves.find((half) => half === values.only);
  if (values.only !== undefined && !only)
    throw new UsageError(`--only takes ${halves.join(' or ')}.`);
  const database = values.database as string | undefined;
  if (database !== undefined && !/^postgres(?:ql)?:\/\//.test(database)) {
    throw new UsageError(
      '--database takes an address such as postgres://user:password@host/database.',
    );
  }
  if (database !== undefined && only === 'http') {
    throw new UsageError(
      'A database that is there is looked at by statements only: leave out --only http.',
    );
  }
  if (values.record && (database !== undefined || only)) {
    throw new UsageError(
      '--record is for a complete run: a part of the suite does not stand for the whole.',
    );
  }
  if (values['read-only'] && database === undefined) {
    throw new UsageError(
      '--read-only goes with --database: the suite’s own database is made to be written in.',
    );
  }
  return {
    only,
    database,
    readOnly: values['read-only'] === true,
    json: values.json === true,
    record: values.record === true,
    help: values.help === true,
  };
}
