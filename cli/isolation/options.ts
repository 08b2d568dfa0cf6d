import { parseArgs } from 'node:util';

export const halves = ['sql', 'http'] as const;
export type Half = (typeof halves)[number];

export interface IsolationOptions {
  /** Run one half only. */
  readonly only: Half | undefined;
  /** A login to a database that is there: it is looked at instead of one of the suite's own. */
  readonly database: string | undefined;
  /** A superuser's login to a server without Tenantry, to make the suite's own database on. */
  readonly server: string | undefined;
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
  --server URL       make the suite's own database on this PostgreSQL rather than on one of its own,
                     by a superuser's login, and remove it again; statements only
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

function address(option: string, value: string | boolean | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (/^postgres(?:ql)?:\/\//.test(String(value))) return String(value);
  throw new UsageError(
    `${option} takes an address such as postgres://user:password@host/database.`,
  );
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
        server: { type: 'string' },
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
  const database = address('--database', values.database);
  const server = address('--server', values.server);
  if (database !== undefined && server !== undefined) {
    throw new UsageError(
      '--server is for a database of the suite’s own, --database for one that is there: give one of them.',
    );
  }
  if (server !== undefined && only === 'http') {
    throw new UsageError(
      'The requests go to a product with a database of its own: leave out --only http.',
    );
  }
  if (database !== undefined && only === 'http') {
    throw new UsageError(
      'A database that is there is looked at by statements only: leave out --only http.',
    );
  }
  if (values.record && (database !== undefined || server !== undefined || only)) {
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
    only: server === undefined ? only : 'sql',
    database,
    server,
    readOnly: values['read-only'] === true,
    json: values.json === true,
    record: values.record === true,
    help: values.help === true,
  };
}
