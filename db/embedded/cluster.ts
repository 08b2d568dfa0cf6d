import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type Account, runAs } from './account';
import type { Binaries } from './binaries';
import { makePrivate } from './directories';
import { EmbeddedPostgresError } from './errors';

export const SUPERUSER = 'postgres';

/**
 * Make a new cluster at `cluster`. It is made beside and moved into place when complete, so a
 * killed start leaves nothing half made.
 * @throws EmbeddedPostgresError `initialise_failed` with what initdb said
 */
export function createCluster(binaries: Binaries, account: Account, cluster: string): void {
  const staging = `${cluster}.new`;
  rmSync(staging, { recursive: true, force: true });
  makePrivate(staging, account);
  const done = runAs(account, binaries.initdb, [
    ...['--pgdata', staging, '--username', SUPERUSER, '--auth', 'reject', '--encoding', 'UTF8'],
    // The builtin provider sorts alike on every machine, whatever locales it has.
    ...['--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--locale', 'C'],
    ...['--no-instructions', '--no-sync'],
  ]);
  if (done.status !== 0) {
    throw new EmbeddedPostgresError(
      'initialise_failed',
      `PostgreSQL could not make its data directory ${cluster}: ${(done.stderr || done.error?.message || '').trim()}`,
      { cause: done.error },
    );
  }
  renameSync(staging, cluster);
}

/**
 * The superuser's password, from its 0600 file. Without the file a new password is made and given
 * to the cluster, which must not be running, in single-user mode: it needs no password of its own.
 */
export function superuserPassword(
  binaries: Binaries,
  account: Account,
  cluster: string,
  file: string,
): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const password = randomBytes(24).toString('base64url');
  const done = runAs(
    account,
    binaries.postgres,
    ['--single', '-D', cluster, '-c', 'log_statement=none', 'postgres'],
    `ALTER ROLE ${SUPERUSER} PASSWORD '${password}'\n`,
  );
  if (done.status !== 0) {
    throw new EmbeddedPostgresError(
      'initialise_failed',
      `PostgreSQL could not take its password: ${(done.stderr || done.error?.message || '').trim()}`,
      { cause: done.error },
    );
  }
  writeFileSync(`${file}.new`, `${password}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return password;
}
