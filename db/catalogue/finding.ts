import type { Client } from 'pg';

export interface Finding {
  /** What is wrong, naming the thing. */
  readonly what: string;
  /** What puts it right: a statement, or what to do. */
  readonly fix: string;
}

/** One look at the live database. */
export interface CatalogueCheck {
  /** Short name, stable: `row-security`, `policies`, … */
  readonly check: string;
  /** How many things were looked at. */
  readonly looked: number;
  readonly findings: readonly Finding[];
}

export type Inspection = (client: Client) => Promise<CatalogueCheck>;

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
