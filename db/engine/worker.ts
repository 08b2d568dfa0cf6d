import { randomInt } from 'node:crypto';
import { DatabaseError, type PoolClient } from 'pg';
import { type ListenerEvents, openListener } from './listener';
import { beginTurn, lockClass } from './locks';
import { type EngineStore, inTransaction } from './store';

/** One process's presence: its advisory lock, its lease, and its ear for notifications. */
export interface WorkerSession {
  readonly id: number;
  close(): void;
}

export interface WorkerOptions {
  readonly leaseMs: number;
  /** The number that it had before its session ended, to go on under if nobody has taken its runs. */
  readonly former?: number | undefined;
}

const register = `
insert into engine.workers (id, lease_until) values ($1, now() + $2 * interval '1 millisecond')`;

const renew = `
update engine.workers set lease_until = now() + $2 * interval '1 millisecond' where id = $1`;

/** Milliseconds for which a server may still hold the lock of a session that it has ended. */
const LOCK_LIMIT = 5_000;
const lockTimedOut = '55P03';

/** @returns whether the lock could be had, which that of a number never used before always can */
async function lock(client: PoolClient, id: number): Promise<boolean> {
  try {
    await client.query(`select pg_advisory_lock(${lockClass}, $1)`, [id]);
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === lockTimedOut) return false;
    throw error;
  }
}

/** @returns whether the number is ours as before: nothing that is held under it was taken back */
async function takeUp(client: PoolClient, id: number, leaseMs: number): Promise<boolean> {
  if (!(await lock(client, id))) return false;
  const { rowCount } = await client.query(renew, [id, leaseMs]);
  return rowCount === 1;
}

/**
 * Come to life as a worker, or come back as the one it was. The lock goes when the connection goes,
 * which is how a killed process is known; the lease covers connections that hang.
 */
export async function openWorkerSession(
  store: EngineStore,
  { leaseMs, former }: WorkerOptions,
  events: ListenerEvents,
): Promise<WorkerSession> {
  const { client, close } = await openListener(store, events);
  try {
    await client.query(`set lock_timeout = ${LOCK_LIMIT}`);
    if (former !== undefined && (await takeUp(client, former, leaseMs))) {
      return { id: former, close };
    }
    const id = randomInt(1, 2 ** 31 - 1);
    await lock(client, id);
    await client.query(register, [id, leaseMs]);
    return { id, close };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Renew a worker's lease.
 * @returns false when others have declared it dead; it needs a new session then
 */
export async function renewLease(
  store: EngineStore,
  worker: number,
  leaseMs: number,
): Promise<boolean> {
  const { rowCount } = await store.query(renew, [worker, leaseMs]);
  return rowCount === 1;
}

/**
 * Holders whose lease is over; their runs go back to the queue. A lock that nobody holds ends a lease
 * early, but not at once: its process is dead, or alive and has only lost its session, and comes back.
 */
const reclaim = `
with silent as (
  update engine.workers w set lease_until = statement_timestamp() + $1 * interval '1 millisecond'
   where w.lease_until > statement_timestamp() + $1 * interval '1 millisecond'
     and not exists (
        select from pg_locks l
         where l.locktype = 'advisory' and l.granted and l.classid = ${lockClass}
           and l.objid::bigint = w.id and l.objsubid = 2
           and l.database = (select oid from pg_database where datname = current_database()))
), dead as (
  delete from engine.workers w where w.lease_until < now() returning id
)
update engine.runs r
   set worker = null, slots = 0, fence = fence + 1, losses = losses + 1
 where r.worker is not null
   and (r.worker in (select id from dead)
        or not exists (select from engine.workers w where w.id = r.worker))`;

/**
 * Take back what dead workers hold. Not beside a claim: its snapshot might not know the claimer yet.
 * @param graceMs how long a worker has to come back, from when it is first seen without a session
 * @returns how many runs came back
 */
export async function reclaimLostRuns(store: EngineStore, graceMs: number): Promise<number> {
  return inTransaction(store, beginTurn, async (client) => {
    const { rowCount } = await client.query(reclaim, [graceMs]);
    return rowCount ?? 0;
  });
}

/**
 * Give back what a worker holds but does not work on, because its progress could not be written, or
 * its session ended meanwhile. It counts as a loss: what always ends so must end.
 * @returns how many runs came back
 */
export async function releaseOrphans(
  store: EngineStore,
  worker: number,
  inWork: readonly string[],
): Promise<number> {
  const { rowCount } = await store.query(
    `update engine.runs set worker = null, slots = 0, fence = fence + 1, losses = losses + 1
      where worker = $1 and id <> all($2::uuid[])`,
    [worker, inWork],
  );
  return rowCount ?? 0;
}

/** Leave for good: nothing is held and nobody has to wait for the lease. */
export async function retireWorker(store: EngineStore, worker: number): Promise<void> {
  await store.query(
    `with freed as (
       update engine.runs set worker = null, slots = 0, fence = fence + 1 where worker = $1
     )
     delete from engine.workers where id = $1`,
    [worker],
  );
}
