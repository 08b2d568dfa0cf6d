import { poolOf } from './connections';
import { runTransaction } from './wire/run';
import type { TypedTransaction } from './wire/session';
import type { TransactionOptions } from './wire/transaction';

export type PlatformTransaction = TypedTransaction;

/**
 * Door 2: the support console, in one transaction as `tenantry_platform`. Sees across tenants only
 * the columns it is granted, never credentials or provider content. Each use is to leave a row in
 * `staff_access_logs`, in this same transaction.
 *
 * @throws DoorMisuseError, QueryError, ConnectionLostError, TransactionAbortedError
 */
export function withPlatform<T>(
  fn: (tx: PlatformTransaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  return runTransaction(
    { role: 'platform', tenantId: undefined, pool: poolOf('platform'), scope: [] },
    fn,
    options,
  );
}
