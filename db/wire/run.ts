import type { Entry } from './entry';
import { type TypedTransaction, typedTransaction } from './session';
import { Transaction, type TransactionOptions } from './transaction';

/** Run `fn` in a transaction that commits when it resolves and rolls back when it throws. */
export async function runTransaction<T>(
  entry: Entry,
  fn: (tx: TypedTransaction) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const transaction = new Transaction(entry, options);
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
