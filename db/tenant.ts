import { poolOf } from './connections';
import { DoorMisuseError } from './errors';
import type { TenantId } from './ids';
import type { Prelude } from './wire/exchange';
import { runTransaction } from './wire/run';
import { type TypedStatements, type TypedTransaction, typedStatements } from './wire/session';
import { Statements } from './wire/statements';
import type { TransactionOptions } from './wire/transaction';

/** Whose data it is. Made from a verified claim only; `lib/tenancy` extends it. */
export interface TenantContext {
  readonly tenantId: TenantId;
}

export type TenantTransaction = TypedTransaction;
export type TenantStatements = TypedStatements;

/** RFC 9562 in its usual lower-case form, any version. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The statement that gives a transaction its tenant; the setting ends with the transaction. */
function scopeOf(context: TenantContext): readonly Prelude[] {
  const { tenantId } = context;
  if (typeof tenantId !== 'string' || !uuid.test(tenantId)) {
    throw new DoorMisuseError('This is not a tenant id.');
  }
  return [
    {
      name: 'tenantry_scope',
      text: "select set_config('app.tenant_id', $1, true)",
      values: [tenantId],
      answer: tenantId,
    },
  ];
}

/**
 * Door 1: work on a tenant's data in one transaction.
 *
 * Runs as `tenantry_app`, which owns nothing and cannot bypass row security; the tenant holds for
 * this transaction only. Commits when `fn` resolves, rolls back when it throws. `tx.transaction` is
 * a savepoint. BEGIN travels with the first statement.
 *
 * @throws DoorMisuseError for an id that is no tenant id, `undefined` parameters, a statement that
 *   ends the transaction; QueryError; ConnectionLostError; TransactionAbortedError
 */
export async function withTenant<T>(
  context: TenantContext,
  fn: (tx: TenantTransaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  return runTransaction(poolOf('app'), scopeOf(context), fn, options);
}

/**
 * A tenant's data by single statements: each is a transaction of its own and takes one round trip.
 * For reads, and for writes that stand alone.
 */
export function tenantDb(
  context: TenantContext,
  options: { readonly signal?: AbortSignal } = {},
): TenantStatements {
  return typedStatements(new Statements(poolOf('app'), scopeOf(context), options.signal));
}
