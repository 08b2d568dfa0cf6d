import { type BuildExtraConfigColumns, type SQL, sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  foreignKey,
  type PgColumnBuilderBase,
  type PgTableExtraConfigValue,
  type PgTableWithColumns,
  pgPolicy,
  pgTable,
  primaryKey,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { newId, type TenantId } from '../ids';
import { appRole, engineRole, eraserRole, type Grantee, identityRole, platformRole } from './roles';

/** A moment in time, kept with its zone. */
export const instant = (name: string) => timestamp(name, { withTimezone: true });

export type Privilege = 'select' | 'insert' | 'update' | 'delete';

/** What one role may do to one table: on all columns, or on the named ones. */
export type Grant =
  | Privilege
  | { readonly privilege: Privilege; readonly columns: readonly string[] };
export type Grants = Partial<Record<Grantee, readonly Grant[]>>;

export interface TableDeclaration {
  readonly name: string;
  /** Made by `tenantTable`: has `tenant_id` and the isolation policy. */
  readonly tenant: boolean;
  /** Row security is enabled and forced. */
  readonly rowSecurity: boolean;
  readonly grants: Grants;
}

const declarations = new Map<string, TableDeclaration>();

/** Every table declared so far, with who may do what to it. The migration runner applies it. */
export function declaredTables(): readonly TableDeclaration[] {
  return [...declarations.values()];
}

/**
 * Declare who may do what to a table that is neither shape, such as `tenants` itself.
 * @param force apply FORCE ROW LEVEL SECURITY; the table brings its own policies
 */
export function declareGrants(
  name: string,
  { force, grants }: { readonly force: boolean; readonly grants: Grants },
): void {
  declare({ name, rowSecurity: force, tenant: false, grants });
}

function declare(declaration: TableDeclaration): void {
  if (declarations.has(declaration.name)) {
    throw new Error(`table ${declaration.name} is declared twice`);
  }
  declarations.set(declaration.name, declaration);
}

/**
 * The tenant of the running transaction, NULL without one; an error when it was forged. Beside the
 * filter that every query brings, the planner asks it once per statement.
 *
 * A statement over most of a tenant's rows, such as a count, filters by this in place of the tenant's
 * id: it is planned for that tenant each time, and its rows pass no second filter (docs/decisions/0039).
 */
export const currentTenant: SQL = sql`public.current_tenant()`;
/** The same for rows that are written: asked once per statement, not once per row. */
export const currentTenantOnce: SQL = sql`(select public.current_tenant())`;

/** Tenants that are being erased: of all others the eraser sees no row. */
const beingErased: SQL = sql`(select d.tenant_id from public.tenant_deletions d where d.closed_at is not null and d.finished_at is null)`;

/**
 * A row's id in the words of an index over all tenants' rows, for the console's lists: as it is, but in
 * a form that no tenant's own query has.
 */
export const anyTenants = (id: unknown): SQL => sql`(${id}::text::uuid)`;

/** Lets the functions that erase a tenant reach its rows, once its deletion cannot be undone any more. */
export const eraserPolicy = (tenantId: AnyPgColumn) =>
  pgPolicy('eraser_access', {
    for: 'all',
    to: eraserRole,
    using: sql`${tenantId} in ${beingErased}`,
    withCheck: sql`${tenantId} in ${beingErased}`,
  });

const roleByName = {
  app: appRole,
  identity: identityRole,
  platform: platformRole,
  engine: engineRole,
} as const;

/** The columns every tenant table has. */
const tenantColumns = <Id extends string>() => ({
  tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
  id: uuid('id')
    .$type<Id>()
    .notNull()
    .$defaultFn(() => newId() as string as Id),
  createdAt: instant('created_at').notNull().defaultNow(),
});

/**
 * The one way to make a table that holds a tenant's rows.
 *
 * Adds `tenant_id`, the composite primary key `(tenant_id, id)` (which is the leading index), the
 * isolation policy for the app role, one all-rows policy for each further role that is granted
 * something, and one for whoever erases a tenant. FORCE ROW LEVEL SECURITY and the grants are applied by the migration runner from this
 * same declaration, since drizzle-kit emits neither.
 *
 * @param name table name, plural, snake case
 * @param columns the table's own columns
 * @param grants who may do what; the app role gets all four privileges unless said otherwise
 * @param extra keys, indexes and checks; every unique key must start with `tenantId`
 * @param written the tenant for rows that are written; `currentTenant` where no statement writes
 *   several, since asking it once for all of them costs more than it saves for one
 */
export function tenantTable<Id extends string>() {
  return <Name extends string, Columns extends Record<string, PgColumnBuilderBase>>(
    name: Name,
    columns: Columns,
    grants: Grants = {},
    extra?: (
      table: BuildExtraConfigColumns<Name, Columns & ReturnType<typeof tenantColumns<Id>>, 'pg'>,
    ) => PgTableExtraConfigValue[],
    written: SQL = currentTenantOnce,
  ) => {
    const app = grants.app ?? (['select', 'insert', 'update', 'delete'] as const);
    const eraser = [...(grants.eraser ?? []), 'select', 'delete'] as const;
    declare({ name, tenant: true, rowSecurity: true, grants: { ...grants, app, eraser } });
    const all = { ...tenantColumns<Id>(), ...columns };
    return pgTable(name, all, (table) => {
      const own = table as unknown as { tenantId: AnyPgColumn; id: AnyPgColumn };
      const others = (['identity', 'platform', 'engine'] as const).filter((role) => grants[role]);
      return [
        primaryKey({ name: `${name}_pkey`, columns: [own.tenantId, own.id] }),
        pgPolicy('tenant_isolation', {
          for: 'all',
          to: appRole,
          using: sql`${own.tenantId} = ${currentTenant}`,
          withCheck: sql`${own.tenantId} = ${written}`,
        }),
        ...others.map((role) =>
          pgPolicy(`${role}_access`, {
            for: 'all',
            to: roleByName[role],
            using: sql`true`,
            withCheck: sql`true`,
          }),
        ),
        eraserPolicy(own.tenantId),
        ...(extra?.(table as never) ?? []),
      ];
    });
  };
}

/**
 * A table of the control plane: people, staff, limits. The app role reaches it only where granted.
 * Rows with a `tenantId` go with that tenant, and the eraser reads all of it to see that no other
 * names the tenant.
 */
export function controlTable<
  Name extends string,
  Columns extends Record<string, PgColumnBuilderBase>,
>(
  name: Name,
  columns: Columns,
  grants: Grants,
  extra?: (table: BuildExtraConfigColumns<Name, Columns, 'pg'>) => PgTableExtraConfigValue[],
) {
  const own = 'tenantId' in columns ? (['select', 'delete'] as const) : (['select'] as const);
  const eraser = [...(grants.eraser ?? []), ...own];
  declare({ name, tenant: false, rowSecurity: false, grants: { ...grants, eraser } });
  return pgTable(name, columns, (table) => extra?.(table as never) ?? []);
}

/** A composite foreign key `(tenant_id, <column>) → (tenant_id, id)`: it cannot cross tenants. */
export function tenantReference(
  table: { tenantId: AnyPgColumn },
  column: AnyPgColumn,
  // biome-ignore lint/suspicious/noExplicitAny: any tenant table will do, whatever its columns
  target: () => PgTableWithColumns<any>,
  onDelete: 'cascade' | 'restrict' = 'restrict',
) {
  return foreignKey({
    columns: [table.tenantId, column],
    foreignColumns: [target().tenantId, target().id],
  }).onDelete(onDelete);
}
