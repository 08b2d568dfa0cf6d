import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './errors';

/** Milliseconds a fast shutdown may take before the server is told to quit at once. */
const STOP_LIMIT = 30_000;
const POLL = 20;

/** Is the process there? Signal 0 asks without disturbing; EPERM means it is, but is not ours. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Does this process serve this cluster? Process ids are used again, at once in a fresh container,
 * so a `postmaster.pid` alone proves nothing. A postmaster works inside its data directory.
 */
function serves(pid: number, cluster: string): boolean {
  try {
    return realpathSync(readlinkSync(`/proc/${pid}/cwd`)) === realpathSync(cluster);
  } catch {
    try {
      const command = execFileSync('ps', ['-o', 'command=', '-p', String(pid)], {
        encoding: 'utf8',
      });
      return command.includes('postgres') && command.includes(cluster);
    } catch {
      return false;
    }
  }
}

/** The lines of `postmaster.pid`: process id first, state eighth (PostgreSQL's miscadmin.h). */
function pidFile(cluster: string): string[] {
  const path = join(cluster, 'postmaster.pid');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
}

/** Has the server said that it accepts connections? */
export function isReady(cluster: string, pid: number): boolean {
  const lines = pidFile(cluster);
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

/** Wait until the process is gone; true when it went within `limit` milliseconds. */
async function gone(pid: number, limit: number): Promise<boolean> {
  const deadline = performance.now() + limit;
  while (isAlive(pid)) {
    if (performance.now() > deadline) return false;
    await delay(POLL);
  }
  return true;
}

/** Fast shutdown (SIGINT) of a postmaster and, if it hangs, an immediate one (SIGQUIT). */
export async function shutDown(pid: number, exited?: Promise<unknown>): Promise<void> {
  const wait = async (limit: number): Promise<boolean> => {
    if (!exited) return gone(pid, limit);
    const timer = new AbortController();
    const late = delay(limit, false, { signal: timer.signal }).catch(() => false);
    const done = await Promise.race([exited.then(() => true), late]);
    timer.abort();
    return done;
  };
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw error;
    }
    if (await wait(STOP_LIMIT)) return;
  }
  throw new EmbeddedPostgresError('start_failed', `PostgreSQL (process ${pid}) does not stop.`);
}

/**
 * Clear away what a killed launcher left: stop an orphaned postmaster, remove a stale pid file.
 * To be called only by who holds the guard.
 */
export async function clearOrphan(cluster: string): Promise<void> {
  const pid = Number(pidFile(cluster)[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  if (isAlive(pid)) {
    if (serves(pid, cluster)) await shutDown(pid);
    else rmSync(join(cluster, 'postmaster.pid'), { force: true });
  }
}
