import { randomInt } from 'node:crypto';
import { type ListenerEvents, openListener } from './listener';
import { beginTurn, lockClass } from './locks';
import { type EngineStore, inTransaction } from './store';

/** One process's presence: its advisory lock, its lease, and its ear for notifications. */
export interface WorkerSession {
  readonly id: number;
  close(): void;
}

const register = `
insert into engine.workers (id, lease_until) values ($1, now() + $2 * interval '1 millisecond')`;

/**
 * Come to life as a worker. The lock goes when the connection goes, so a killed process is known to
 * be dead at once; the lease covers connections that hang.
 */
export async function openWorkerSession(
  store: EngineStore,
  leaseMs: number,
  events: ListenerEvents,
): Promise<WorkerSession> {
  const listener = await openListener(store, events);
  try {
    const id = randomInt(1, 2 ** 31 - 1);
    await listener.client.query(`select pg_advisory_lock(${lockClass}, $1)`, [id]);
    await listener.client.query(register, [id, leaseMs]);
    return { id, close: listener.close };
  } catch (error) {
    listener.close();
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
  const { rowCount } = await store.query(
    `update engine.workers set lease_until = now() + $2 * interval '1 millisecond' where id = $1`,
    [worker, leaseMs],
  );
  return rowCount === 1;
}

/** Holders whose lease is over, or whose lock nobody holds; their runs go back to the queue. */
const reclaim = `
with dead as (
  delete from engine.workers w
   where w.lease_until < now()
      or not exists (
        select from pg_locks l
         where l.locktype = 'advisory' and l.granted and l.classid = ${lockClass}
           and l.objid::bigint = w.id and l.objsubid = 2
           and l.database = (select oid from pg_database where datname = current_database()))
  returning id
)
update engine.runs r
   set worker = null, slots = 0, fence = fence + 1, losses = losses + 1
 where r.worker is not null
   and (r.worker in (select id from dead)
        or not exists (select from engine.workers w where w.id = r.worker))`;

/**
 * Take back what dead workers hold. Not beside a claim: its snapshot might not know the claimer yet.
 * @returns how many runs came back
 */
export async function reclaimLostRuns(store: EngineStore): Promise<number> {
  return inTransaction(store, beginTurn, async (client) => {
    const { rowCount } = await client.query(reclaim);
    return rowCount ?? 0;
  });
}

/**
 * Give back what a worker holds but does not work on, because its progress could not be written. It
 * counts as a loss: what always ends so must end.
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
