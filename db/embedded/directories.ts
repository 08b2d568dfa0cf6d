import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from './account';
import { EmbeddedPostgresError } from './errors';

export const SOCKET_NAME = '.s.PGSQL.5432';

/** Bytes that fit in a socket address: 108 on Linux and 104 on macOS (unix(7)), less the final NUL. */
const SOCKET_PATH_LIMIT = process.platform === 'darwin' ? 103 : 107;

/**
 * Make the data directory if need be and see that it can be written.
 * @throws EmbeddedPostgresError `not_writable`
 */
export function prepareDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'not_writable',
      `The data directory ${dataDir} cannot be written. Give this user write access to it, or set DATA_DIR to another place.`,
      { cause },
    );
  }
}

/** Who owns the cluster that is already there, if one is. */
export function clusterOwner(cluster: string): Account | undefined {
  if (!existsSync(cluster)) return undefined;
  const { uid, gid } = statSync(cluster);
  return { uid, gid };
}

/**
 * See that the cluster belongs to `account` and was made by this major version.
 * @throws EmbeddedPostgresError `foreign_owner`, `newer_data` or `older_data`
 */
export function checkCluster(cluster: string, account: Account, major: number): void {
  const owner = statSync(cluster).uid;
  if (owner !== account.uid) {
    throw new EmbeddedPostgresError(
      'foreign_owner',
      `The database in ${cluster} belongs to user ${owner}. Start as that user or as root, or set DATA_DIR to another place.`,
    );
  }
  const found = Number.parseInt(readFileSync(join(cluster, 'PG_VERSION'), 'utf8'), 10);
  if (found === major) return;
  const fault = found > major ? 'newer_data' : 'older_data';
  const advice =
    found > major
      ? 'Use the newer Tenantry that made it, or another DATA_DIR.'
      : 'Upgrade it with pg_upgrade, or use another DATA_DIR.';
  throw new EmbeddedPostgresError(
    fault,
    `The database in ${cluster} was made by PostgreSQL ${found}; this Tenantry brings PostgreSQL ${major}. Nothing was changed. ${advice}`,
  );
}

/** Make `path` a directory that only `account` (and root) can enter. */
export function makePrivate(path: string, account: Account): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  const ours = found.uid === account.uid || found.uid === process.geteuid?.();
  if (!found.isDirectory() || !ours) {
    throw new EmbeddedPostgresError(
      'foreign_owner',
      `${path} is needed for the database and belongs to user ${found.uid}. Remove it and start again.`,
    );
  }
  chmodSync(path, 0o700);
  if (found.uid !== account.uid) chownSync(path, account.uid, account.gid);
}

/**
 * The directory of the server's socket: inside the data directory, or in the system's temporary
 * directory under a name made from it when the address would be too long for a socket.
 */
export function socketDirectory(dataDir: string): string {
  const inside = join(dataDir, 'run');
  if (Buffer.byteLength(join(inside, SOCKET_NAME)) <= SOCKET_PATH_LIMIT) return inside;
  const digest = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return join(tmpdir(), `tenantry-${digest}`);
}
