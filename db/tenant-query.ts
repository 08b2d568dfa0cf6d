import { type Placeholder, type SQLWrapper, sql } from 'drizzle-orm';
import { DoorMisuseError } from './errors';
import { type TenantContext, tenantEntry } from './tenant-scope';
import { onlyReads } from './wire/lanes';
import { DoorPreparedQuery, type Runner } from './wire/prepared';
import { type TypedStatements, typedStatements } from './wire/session';
import { Statements } from './wire/statements';

/** Stands for a parameter while a query is built. */
export type QueryParameters<P> = {
  readonly [K in keyof P & string]: Placeholder<K, P[K]>;
} & { readonly tenantId: SQLWrapper };

/** A query that has been built and can be given a name. */
interface Preparable<R> {
  prepare(name: string): { execute(values?: Record<string, unknown>): Promise<R> };
}

/** PostgreSQL tells names apart by their first 63 bytes (NAMEDATALEN); eleven are our prefix. */
const NAME_LIMIT = 52;

/** While a query is built nothing may run. */
const building: Runner = {
  query: () => Promise.reject(new DoorMisuseError('A tenant query is built, not run, in here.')),
};

const placeholders = new Proxy({} as Record<string, Placeholder>, {
  get: (_target, name: string) => sql.placeholder(name),
});

function prepare<P, R>(
  name: string,
  build: (db: TypedStatements, parameters: QueryParameters<P>) => Preparable<R>,
): DoorPreparedQuery {
  const query = build(typedStatements(building), placeholders as QueryParameters<P>);
  const prepared: unknown = query.prepare(`tenantry_q_${name}`);
  // Without it the first tenant's plan would serve all: the planner must see whose rows are asked.
  if (!(prepared instanceof DoorPreparedQuery) || !prepared.binds('tenantId')) {
    throw new DoorMisuseError(`The tenant query "${name}" does not filter by tenantId.`);
  }
  return prepared;
}

/**
 * A query for hot paths: built once, parsed once per connection, and run in one round trip with its
 * tenant. `tenantId` is bound from the context; the caller gives the other parameters.
 *
 * ```ts
 * const resourceById = tenantQuery('resource_by_id', (db, p: QueryParameters<{ id: ResourceId }>) =>
 *   db.select().from(resources).where(and(eq(resources.tenantId, p.tenantId), eq(resources.id, p.id))));
 * const [resource] = await resourceById(context, { id });
 * ```
 *
 * Beside others of its kind a read may ride behind them on one connection (decision 0034), and may be
 * asked twice: what it calls must have no effect beside its answer.
 *
 * @param name unique in the program; at most 52 characters
 * @throws DoorMisuseError at first use when the query does not bind `tenantId`
 */
export function tenantQuery<P extends Record<string, unknown>, R>(
  name: string,
  build: (db: TypedStatements, parameters: QueryParameters<P>) => Preparable<R>,
): (
  context: TenantContext,
  parameters: P,
  options?: { readonly signal?: AbortSignal },
) => Promise<R> {
  if (name.length > NAME_LIMIT) throw new DoorMisuseError(`The name "${name}" is too long.`);
  let prepared: DoorPreparedQuery | undefined;
  let reads = false;
  const run = (context: TenantContext, parameters: P, signal: AbortSignal | undefined) => {
    if (!prepared) {
      prepared = prepare(name, build);
      reads = onlyReads(prepared.getQuery().sql);
    }
    const runner = new Statements(tenantEntry(context), signal, reads);
    return prepared.run(runner, { ...parameters, tenantId: context.tenantId }) as Promise<R>;
  };
  // Not `async`: a promise around the promise shows on a read that takes 60 µs.
  return (context, parameters, options) => {
    try {
      return run(context, parameters, options?.signal);
    } catch (error) {
      return Promise.reject(error);
    }
  };
}
