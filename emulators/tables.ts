/**
 * A state of tables, each row in a partition (an account, a directory, or `''`) under its key.
 * Plain JSON: it is written to disk as it is.
 */
export type Rows<Tables> = {
  [T in keyof Tables & string]: Record<string, Record<string, Tables[T]>>;
};
export type TableChange<Tables> = {
  [T in keyof Tables & string]: readonly [
    table: T,
    partition: string,
    key: string,
    row: Tables[T] | null,
  ];
}[keyof Tables & string];

/** Put one change into the state; replaying it leaves the state as it is. */
export function applyTableChange<Tables>(
  state: Rows<Tables>,
  [table, partition, key, row]: TableChange<Tables>,
): void {
  const rows: Record<string, Record<string, unknown>> = state[table];
  if (row !== null) {
    rows[partition] ??= {};
    rows[partition][key] = row;
  } else if (rows[partition]) {
    delete rows[partition][key];
  }
}

/**
 * Reads and writes such a state. Rows are replaced, never changed in place, so that each change can
 * be written down; `commit` hands over what happened since the last one.
 */
export class TableStore<Tables> {
  readonly #state: Rows<Tables>;
  readonly #record: (changes: readonly TableChange<Tables>[]) => void;
  #pending: TableChange<Tables>[] = [];

  constructor(
    state: Rows<Tables>,
    record: (changes: readonly TableChange<Tables>[]) => void = () => undefined,
  ) {
    this.#state = state;
    this.#record = record;
  }

  get<T extends keyof Tables & string>(
    table: T,
    partition: string,
    key: string,
  ): Tables[T] | undefined {
    const inside = this.#inside(table, partition);
    return inside && Object.hasOwn(inside, key) ? inside[key] : undefined;
  }

  all<T extends keyof Tables & string>(table: T, partition: string): Tables[T][] {
    return Object.values(this.#inside(table, partition) ?? {});
  }

  entries<T extends keyof Tables & string>(table: T, partition: string): [string, Tables[T]][] {
    return Object.entries(this.#inside(table, partition) ?? {});
  }

  put<T extends keyof Tables & string>(
    table: T,
    partition: string,
    key: string,
    row: Tables[T],
  ): void {
    this.#change([table, partition, key, row] as unknown as TableChange<Tables>);
  }

  delete(table: keyof Tables & string, partition: string, key: string): void {
    this.#change([table, partition, key, null] as unknown as TableChange<Tables>);
  }

  /** Write down what changed. Called before a request is answered. */
  commit(): void {
    if (this.#pending.length === 0) return;
    const changes = this.#pending;
    this.#pending = [];
    this.#record(changes);
  }

  #inside<T extends keyof Tables & string>(
    table: T,
    partition: string,
  ): Record<string, Tables[T]> | undefined {
    const rows: Record<string, Record<string, Tables[T]>> = this.#state[table];
    return Object.hasOwn(rows, partition) ? rows[partition] : undefined;
  }

  #change(change: TableChange<Tables>): void {
    applyTableChange(this.#state, change);
    this.#pending.push(change);
  }
}
