import { type TenantContext, tenantEntry } from './tenant-scope';
import { runTransaction } from './wire/run';
import { type TypedStatements, type TypedTransaction, typedStatements } from './wire/session';
import { Statements } from './wire/statements';
import type { TransactionOptions } from './wire/transaction';

export type { TenantContext } from './tenant-scope';
export type TenantTransaction = TypedTransaction;
export type TenantStatements = TypedStatements;

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
  return runTransaction(tenantEntry(context), fn, options);
}

/**
 * A tenant's data by single statements: each is a transaction of its own and takes one round trip.
 * For reads, and for writes that stand alone.
 */
export function tenantDb(
  context: TenantContext,
  options: { readonly signal?: AbortSignal } = {},
): TenantStatements {
  return typedStatements(new Statements(tenantEntry(context), options.signal));
}
