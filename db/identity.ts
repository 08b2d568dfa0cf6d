import { poolOf } from './connections';
import { runTransaction } from './wire/run';
import type { TypedTransaction } from './wire/session';
import type { TransactionOptions } from './wire/transaction';

export type IdentityTransaction = TypedTransaction;

/**
 * Who people are, before there is a tenant: users, sign-in, a person's memberships, new tenants. One
 * transaction as `tenantry_identity`.
 *
 * @throws DoorMisuseError, QueryError, ConnectionLostError, TransactionAbortedError
 */
export function withIdentity<T>(
  fn: (tx: IdentityTransaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  return runTransaction(
    { role: 'identity', tenantId: undefined, pool: poolOf('identity'), scope: [] },
    fn,
    options,
  );
}
