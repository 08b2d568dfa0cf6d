import type { Pool } from 'pg';
import type { Prelude } from './exchange';
import { type TypedTransaction, typedTransaction } from './session';
import { Transaction, type TransactionOptions } from './transaction';

/** Run `fn` in a transaction that commits when it resolves and rolls back when it throws. */
export async function runTransaction<T>(
  pool: Pool,
  scope: readonly Prelude[],
  fn: (tx: TypedTransaction) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const transaction = new Transaction(pool, scope, options);
  let result: T;
  try {
    result = await fn(typedTransaction(transaction));
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
  await transaction.commit();
  return result;
}
