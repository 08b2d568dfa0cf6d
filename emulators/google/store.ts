import type { Change, State, TableName, Tables } from './state';

/** Put one change into the state; replaying it leaves the state as it is. */
export function applyChange(state: State, [table, partition, key, row]: Change): void {
  const rows: Record<string, Record<string, unknown>> = state[table];
  if (row !== null) {
    rows[partition] ??= {};
    rows[partition][key] = row;
  } else if (rows[partition]) {
    delete rows[partition][key];
  }
}

/**
 * Reads and writes the state. Rows are replaced, never changed in place, so that each change can be
 * written down; `commit` hands over what happened since the last one.
 */
export class Store {
  readonly #state: State;
  readonly #record: (changes: readonly Change[]) => void;
  #pending: Change[] = [];

  constructor(state: State, record: (changes: readonly Change[]) => void) {
    this.#state = state;
    this.#record = record;
  }

  get<T extends TableName>(table: T, partition: string, key: string): Tables[T] | undefined {
    const rows: Record<string, Record<string, Tables[T]>> = this.#state[table];
    const inside = Object.hasOwn(rows, partition) ? rows[partition] : undefined;
    return inside && Object.hasOwn(inside, key) ? inside[key] : undefined;
  }

  all<T extends TableName>(table: T, partition: string): Tables[T][] {
    const rows: Record<string, Record<string, Tables[T]>> = this.#state[table];
    return Object.hasOwn(rows, partition) ? Object.values(rows[partition] ?? {}) : [];
  }

  entries<T extends TableName>(table: T, partition: string): [string, Tables[T]][] {
    const rows: Record<string, Record<string, Tables[T]>> = this.#state[table];
    return Object.hasOwn(rows, partition) ? Object.entries(rows[partition] ?? {}) : [];
  }

  put<T extends TableName>(table: T, partition: string, key: string, row: Tables[T]): void {
    this.#change([table, partition, key, row] as unknown as Change);
  }

  delete(table: TableName, partition: string, key: string): void {
    this.#change([table, partition, key, null] as unknown as Change);
  }

  /** Write down what changed. Called before a request is answered. */
  commit(): void {
    if (this.#pending.length === 0) return;
    const changes = this.#pending;
    this.#pending = [];
    this.#record(changes);
  }

  #change(change: Change): void {
    applyChange(this.#state, change);
    this.#pending.push(change);
  }
}
