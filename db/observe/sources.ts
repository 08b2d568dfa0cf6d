/** A table as one query names it. Queries that equal on the tenant are one set of sources. */
export interface Source {
  readonly table: string;
  /** The column that says whose a row is; undefined for what is no table, such as a CTE. */
  readonly key: string | undefined;
  readonly mustBind: boolean;
  bound: boolean;
  same: Source | undefined;
}

export function root(source: Source): Source {
  let top = source;
  while (top.same) top = top.same;
  return top;
}

export function join(one: Source, other: Source): void {
  const [a, b] = [root(one), root(other)];
  if (a === b) return;
  b.same = a;
  a.bound ||= b.bound;
}

/** The sources that a query can name, by alias, and those of the queries around it. */
export interface Scope {
  readonly sources: Map<string, Source>;
  readonly ctes: ReadonlySet<string>;
  readonly outer: Scope | undefined;
}
