import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { EmbeddedPostgresError } from './errors';

/** The system account that runs the server: PostgreSQL refuses root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * All that the server's programs see of the environment, so that no PG* variable reaches them.
 * Cast, since Next's types want a NODE_ENV in every environment.
 */
export const serverEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
} as unknown as NodeJS.ProcessEnv;

/** `nobody` on Linux; initdb wants an account that the system knows by name. */
const NOBODY: Account = { uid: 65534, gid: 65534 };

/**
 * Who shall run the server over `dataDir`: ourselves or, when we are root, the owner of the data
 * that is already there, and `nobody` for new data.
 */
export function serverAccount(existing: Account | undefined): Account {
  const uid = process.geteuid?.() ?? 0;
  const gid = process.getegid?.() ?? 0;
  if (uid !== 0) return { uid, gid };
  return existing && existing.uid !== 0 ? existing : NOBODY;
}

/** Run a program to its end as `account`. */
export function runAs(
  account: Account,
  program: string,
  args: readonly string[],
  input?: string,
): SpawnSyncReturns<string> {
  return spawnSync(program, args, {
    uid: account.uid,
    gid: account.gid,
    cwd: '/',
    env: serverEnvironment,
    encoding: 'utf8',
    input,
  });
}

/** The first parent of `path` that `account` may not enter, by its mode bits. */
function barrier(account: Account, path: string): string {
  const parents: string[] = [];
  for (let at = dirname(path); at !== dirname(at); at = dirname(at)) parents.unshift(at);
  const closed = parents.find((parent) => {
    const { mode, uid, gid } = statSync(parent);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    return (mode & bit) === 0;
  });
  return closed ?? dirname(path);
}

/**
 * Make sure that `account` reaches `path`, a directory or a program.
 * @throws EmbeddedPostgresError `not_traversable`, naming the directory that is closed
 */
export function requireReach(account: Account, path: string): void {
  if (process.geteuid?.() !== 0) return;
  if (runAs(account, 'test', ['-x', path]).status === 0) return;
  throw new EmbeddedPostgresError(
    'not_traversable',
    `PostgreSQL does not run as root, so it runs as user ${account.uid}, who may not enter ${barrier(account, path)}. Open it ("chmod o+x ${barrier(account, path)}"), start as an ordinary user, or keep project and DATA_DIR elsewhere.`,
  );
}
