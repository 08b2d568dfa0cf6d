import { createHash } from 'node:crypto';
import { type SQL, sql } from 'drizzle-orm';
import '../schema';
import type { ServingRole } from '../schema/roles';
import { declaredTables } from '../schema/table';
import { normalText } from './normal';
import { namedTables } from './tenant-filter';
import { tokenize } from './tokens';

/** What is known of a query from its text alone; the same for every call of it. */
export interface QueryShape {
  /** Names the query: 16 hex digits of a SHA-256 over role and text. */
  readonly fingerprint: string;
  readonly role: ServingRole;
  /** Without literals and values; cut after `TEXT_LIMIT` characters. */
  readonly text: string;
  /** Tables that it names. */
  readonly tables: readonly string[];
  /** Tenant tables on which it does not say whose rows it means. */
  readonly unbound: readonly string[];
  /** Why it may be so, where the code that makes it says so. */
  readonly acrossTenants: string | undefined;
}

/** Characters of a query's text that are kept. */
export const TEXT_LIMIT = 8_000;

const mark = 'across tenants: ';
const marked = new RegExp(`/\\* ${mark}([^*]+) \\*/`);

/**
 * The comment that marks a statement which lawfully reaches into several tenants, where it is made;
 * others that do are reported. Of no effect for the app role, whose statements always say whose rows
 * they mean.
 * @param why in plain words
 */
export function acrossTenantsMark(why: string): string {
  return `/* ${mark}${why.replaceAll('*', '')} */`;
}

/** The same as a condition that always holds, for a query that is built. */
export function acrossTenants(why: string): SQL {
  return sql.raw(`${acrossTenantsMark(why)} true`);
}

let tenantTables: ReadonlySet<string> | undefined;

/** Names of the tables that hold tenants' rows. */
export function tenantTableNames(): ReadonlySet<string> {
  tenantTables ??= new Set(
    declaredTables()
      .filter(({ tenant }) => tenant)
      .map(({ name }) => name),
  );
  return tenantTables;
}

/** Look at a statement's text. Takes half a millisecond, so it is done once per text. */
export function shapeOf(role: ServingRole, statement: string): QueryShape {
  const tokens = tokenize(statement);
  const text = normalText(tokens);
  const hash = createHash('sha256').update(`${role}\n${text}`).digest('hex');
  return {
    fingerprint: hash.slice(0, 16),
    role,
    text: text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}…` : text,
    ...namedTables(tokens, tenantTableNames()),
    acrossTenants: role === 'app' ? undefined : marked.exec(statement)?.[1],
  };
}
