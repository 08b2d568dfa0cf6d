import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { enginePool } from '../connections';

/** NOTIFY channels; a notification carries nothing but "look again". */
export const eventsChannel = 'tenantry_events';
export const runsChannel = 'tenantry_runs';
export const outboxChannel = 'tenantry_jobs';

/**
 * The engine's connections, as the engine's role. They go straight to the server, not through a
 * transaction pooler: sessions listen and hold advisory locks.
 */
export type EngineStore = Pool;

/** The engine's connections of this process. */
export function engineStore(): EngineStore {
  return enginePool();
}

/** Run `work` in one transaction; a connection whose rollback fails is thrown away. */
export async function inTransaction<Result>(
  store: EngineStore,
  begin: string,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await store.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** SQLSTATE classes of what goes by: connection, rollback, resources, object in use, operator. */
const passingClasses = ['08', '40', '53', '55', '57'];

/** May the same statement succeed later as it is? True of everything that is not the server's no. */
export function isPassing(error: unknown): boolean {
  const code = error instanceof DatabaseError ? error.code : undefined;
  return code === undefined || passingClasses.includes(code.slice(0, 2));
}
