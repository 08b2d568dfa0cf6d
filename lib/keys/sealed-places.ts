import {
  and,
  asc,
  eq,
  getTableColumns,
  gt,
  type SQL,
  sql,
  type TenantId,
  type TenantTransaction,
} from '@/db';
import * as schema from '@/db/schema';

/** A sealed text where it lies. */
export interface SealedText {
  readonly id: string;
  readonly sealed: string;
}

/** A column of a tenant table that holds texts sealed under the tenant's key. */
export interface SealedPlace {
  /** Table and column, for people. */
  readonly name: string;
  /** The next texts behind `after` that are under another key than this one. */
  next(
    tx: TenantTransaction,
    tenantId: TenantId,
    keyId: string,
    after: string,
    limit: number,
  ): Promise<SealedText[]>;
  count(tx: TenantTransaction, tenantId: TenantId, keyId: string): Promise<number>;
  /** Put another text in place of this one, if it is still this one. */
  exchange(
    tx: TenantTransaction,
    tenantId: TenantId,
    old: SealedText,
    text: string,
  ): Promise<boolean>;
}

type Table = typeof schema.credentials;
type Column = typeof schema.credentials.sealed;

/** Where every walk begins. */
export const beforeAll = '00000000-0000-0000-0000-000000000000';

/** The id of the key that sealed a message stands in its header as it is. Used-up secrets are ''. */
const underAnother = (column: Column, keyId: string): SQL =>
  sql`${column} <> '' and position(convert_to(${keyId}, 'UTF8') in decode(${column}, 'base64')) = 0`;

function place(tableName: string, key: string, table: Table, column: Column): SealedPlace {
  const own = (tenantId: TenantId) => eq(table.tenantId, tenantId);
  return {
    name: `${tableName}.${column.name}`,
    next: (tx, tenantId, keyId, after, limit) =>
      tx
        .select({ id: table.id, sealed: column })
        .from(table)
        .where(and(own(tenantId), gt(table.id, after as never), underAnother(column, keyId)))
        .orderBy(asc(table.id))
        .limit(limit),
    async count(tx, tenantId, keyId) {
      const [row] = await tx
        .select({ count: sql<number>`count(*)::int` })
        .from(table)
        .where(and(own(tenantId), underAnother(column, keyId)));
      return row?.count ?? 0;
    },
    async exchange(tx, tenantId, old, text) {
      const changed = await tx
        .update(table)
        .set({ [key]: text })
        .where(and(own(tenantId), eq(table.id, old.id as never), eq(column, old.sealed)))
        .returning({ id: table.id });
      return changed.length === 1;
    },
  };
}

/**
 * Every place with sealed texts: the columns called `sealed…` of all tables, so that a new one is
 * walked without being named here.
 */
export function sealedPlaces(): readonly SealedPlace[] {
  return Object.entries(schema).flatMap(([name, value]) => {
    if (!isTable(value)) return [];
    const columns = Object.entries(getTableColumns(value));
    return columns
      .filter(([key]) => /^sealed/.test(key))
      .map(([key, column]) => place(name, key, value, column as Column));
  });
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && 'tenantId' in value && 'id' in value;
}
