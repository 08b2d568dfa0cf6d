import { ownerRole } from '../schema/roles';
import { declaredTables } from '../schema/table';
import { fromExtension, type Inspection, inspection, ourSchemas } from './finding';

/**
 * Tables that hold tenants' rows: all that have a `tenant_id`, and all that were declared with row
 * security. Left out are tables of the control plane that the app role has no grant on.
 */
export const tenantTables = `
  select c.oid, c.relname as name, c.relrowsecurity, c.relforcerowsecurity, c.relispartition,
         c.relowner,
         (select t.attnum from pg_attribute t
           where t.attrelid = c.oid and t.attname = 'tenant_id' and not t.attisdropped) as tenant
    from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
     and (c.relname = any($1)
          or (c.relname <> all($2)
              and exists (select from pg_attribute t
                           where t.attrelid = c.oid and t.attname = 'tenant_id' and not t.attisdropped)))`;

export function declaredNames(): [secured: string[], control: string[]] {
  const declared = declaredTables();
  return [
    declared.filter(({ rowSecurity }) => rowSecurity).map(({ name }) => name),
    declared
      .filter(({ rowSecurity, grants }) => !rowSecurity && !grants.app)
      .map(({ name }) => name),
  ];
}

export const madeBy = 'Declare it with tenantTable and generate a migration.';

/** Row security is enabled and forced; partitions and heirs have their own or are out of reach. */
export function rowSecurity(): Inspection {
  return inspection<{ name: string; relrowsecurity: boolean; relforcerowsecurity: boolean }>(
    'row-security',
    `${tenantTables} order by 2`,
    declaredNames(),
    ({ name, relrowsecurity, relforcerowsecurity }) => {
      if (relrowsecurity && relforcerowsecurity) return [];
      const lacks = relrowsecurity ? 'FORCE ROW LEVEL SECURITY' : 'ROW LEVEL SECURITY';
      return [
        {
          what: `Table ${name} is without ${lacks}.`,
          fix: `ALTER TABLE public.${name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; a start does it for tables made with tenantTable.`,
        },
      ];
    },
  );
}

/** The primary key starts with the tenant: it is the index that every read of a tenant starts with. */
export function leadingIndex(): Inspection {
  return inspection<{ name: string; leads: boolean }>(
    'leading-index',
    `select s.name,
            exists (select from pg_index i
                     where i.indrelid = s.oid and i.indisprimary and i.indisvalid
                       and i.indkey[0] = s.tenant) as leads
       from (${tenantTables}) s where s.tenant is not null order by 1`,
    declaredNames(),
    ({ name, leads }) =>
      leads
        ? []
        : [{ what: `Table ${name} has no primary key that starts with tenant_id.`, fix: madeBy }],
  );
}

/** A unique key without the tenant tells one tenant what another has. */
export function uniqueKeys(): Inspection {
  return inspection<{ table: string; key: string; scoped: boolean }>(
    'unique-keys',
    `select s.name as table, i.indexrelid::regclass::text as key,
            s.tenant = any(i.indkey::int2[]) as scoped
       from (${tenantTables}) s join pg_index i on i.indrelid = s.oid and i.indisunique
      where s.tenant is not null order by 1, 2`,
    declaredNames(),
    ({ table, key, scoped }) =>
      scoped
        ? []
        : [
            {
              what: `Unique key ${key} on ${table} is without tenant_id: it answers for other tenants' values.`,
              fix: `Put tenant_id first in ${key}.`,
            },
          ],
  );
}

/** A foreign key without the tenant can point into another tenant, and says whether a row is there. */
export function foreignKeys(): Inspection {
  return inspection<{ name: string; table: string; target: string; scoped: boolean }>(
    'foreign-keys',
    `with s as (${tenantTables})
     select k.conname as name, k.conrelid::regclass::text as table,
            target.name as target,
            exists (select from unnest(k.conkey, k.confkey) as pair(here, there)
                     where pair.here = source.tenant and pair.there = target.tenant) as scoped
       from pg_constraint k
       join s as target on target.oid = k.confrelid and target.tenant is not null
       left join s as source on source.oid = k.conrelid
      where k.contype = 'f' order by 1`,
    declaredNames(),
    ({ name, table, target, scoped }) =>
      scoped
        ? []
        : [
            {
              what: `Foreign key ${name} from ${table} to ${target} is without tenant_id: it can cross tenants.`,
              fix: 'Make it with tenantReference: (tenant_id, …) to (tenant_id, id).',
            },
          ],
  );
}

/** Everything in our schemas belongs to the owner, who never serves. */
export function owners(): Inspection {
  return inspection<{ name: string; owner: string }>(
    'owners',
    `select c.oid::regclass::text as name, pg_get_userbyid(c.relowner) as owner
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('public', 'engine', 'private') and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
        and not ${fromExtension('pg_class', 'c.oid')}
      order by 1`,
    [],
    ({ name, owner }) =>
      owner === ownerRole
        ? []
        : [
            {
              what: `${name} belongs to ${owner} rather than ${ownerRole}.`,
              fix: `ALTER TABLE ${name} OWNER TO ${ownerRole};`,
            },
          ],
  );
}

/** A partition or heir is a table of its own: a grant on it goes past its parent's policies. */
export function partitions(): Inspection {
  return inspection<{ name: string; safe: boolean }>(
    'partitions',
    `select c.oid::regclass::text as name,
            (c.relrowsecurity and c.relforcerowsecurity)
              or not exists (select from aclexplode(c.relacl) a
                              where a.grantee <> c.relowner
                                and (a.grantee = 0 or pg_get_userbyid(a.grantee) <> $1)) as safe
       from pg_inherits h join pg_class c on c.oid = h.inhrelid and c.relkind in ('r', 'p')
       join pg_namespace n on n.oid = c.relnamespace
      where ${ourSchemas} order by 1`,
    [ownerRole],
    ({ name, safe }) =>
      safe
        ? []
        : [
            {
              what: `Partition ${name} can be reached by itself, past its parent's row security.`,
              fix: `REVOKE ALL ON ${name} FROM PUBLIC, tenantry_app, tenantry_identity, tenantry_platform, tenantry_engine;`,
            },
          ],
  );
}
