import type { ClientBase } from 'pg';

export interface Finding {
  /** What is wrong, naming the thing. */
  readonly what: string;
  /** What puts it right: a statement, or what to do. */
  readonly fix: string;
  /** Left out when a tenant's rows could get out through it. */
  readonly severity?: 'warning';
}

/** One look at the live database. */
export interface CatalogueCheck {
  /** Short name, stable: `row-security`, `policies`, … */
  readonly check: string;
  /** How many things were looked at. */
  readonly looked: number;
  readonly findings: readonly Finding[];
}

export type Inspection = (client: ClientBase) => Promise<CatalogueCheck>;

/** A check of one query: each row is a thing looked at, and `judge` says what is wrong with it. */
export function inspection<Row extends object>(
  check: string,
  text: string,
  values: readonly unknown[],
  judge: (row: Row) => readonly Finding[],
): Inspection {
  return async (client) => {
    const { rows } = await client.query<Row>(text, [...values]);
    return { check, looked: rows.length, findings: rows.flatMap(judge) };
  };
}

/** Something that is not as it should be, though no tenant's rows get out through it. */
export const warning = (what: string, fix: string): Finding => ({ what, fix, severity: 'warning' });

/** Schemas that are not PostgreSQL's own, for a query with `pg_namespace n`. */
export const ourSchemas = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

/** Whether an object came with an extension, whose author answers for it. */
export const fromExtension = (catalogue: string, oid: string) =>
  `exists (select from pg_depend d where d.classid = '${catalogue}'::regclass
             and d.objid = ${oid} and d.deptype = 'e')`;
