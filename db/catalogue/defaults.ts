import { is, SQL } from 'drizzle-orm';
import { type PgColumn, PgDialect } from 'drizzle-orm/pg-core';

/** What a live column starts with. */
export interface LiveStart {
  /** `pg_attribute.attidentity` and `attgenerated`: empty for a plain column. */
  readonly kind: string;
  /** The expression as PostgreSQL prints it. */
  readonly start: string | null;
}

const IDENTITY = 'generated as identity';
const COMPUTED = 'generated from others';

const dialect = new PgDialect();
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** A value as the migrations write it. */
function literal(value: unknown, type: string): string {
  if (is(value, SQL)) return dialect.sqlToQuery(value).sql;
  if (Array.isArray(value) && type !== 'jsonb') return quoted(`{${value.join(',')}}`);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return quoted(typeof value === 'string' ? value : JSON.stringify(value));
}

/** What the schema's files say a column starts with; undefined for nothing. */
export function declaredStart(column: PgColumn): string | undefined {
  if (column.generated) return COMPUTED;
  if (column.generatedIdentity) return IDENTITY;
  return column.default === undefined ? undefined : literal(column.default, column.getSQLType());
}

/** Without the casts and parentheses that PostgreSQL adds when it prints an expression. */
const bare = (expression: string): string =>
  expression
    .replace(/::(?:[a-z ]+[a-z])(?:\[\])?/g, '')
    .replace(/[()\s]/g, '')
    .toLowerCase();

export function startWords({ kind, start }: LiveStart): string {
  if (kind === 's' || kind === 'v') return COMPUTED;
  return kind === '' ? (start ?? 'nothing') : IDENTITY;
}

/** Whether a live column starts with what was declared. */
export function sameStart(live: LiveStart, declared: string | undefined): boolean {
  return bare(startWords(live)) === bare(declared ?? 'nothing');
}
