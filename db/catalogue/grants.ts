import type { ClientBase } from 'pg';
import {
  compareGrants,
  grantStatement,
  type HeldGrant,
  heldGrants,
  revokeStatement,
  wantedGrants,
} from '../migration/grants';
import { grantees, ownerRole, servingRoles } from '../schema/roles';
import { declaredTables } from '../schema/table';
import {
  administrator,
  type Finding,
  fromExtension,
  type Inspection,
  inspection,
  ourSchemas,
  warning,
} from './finding';

const serving = Object.values(servingRoles);

/** Schemas of ours: who else may look inside, besides the owner. */
const schemaUsers: Readonly<Record<string, readonly string[]>> = {
  public: Object.values(grantees),
  engine: [servingRoles.engine],
  search: [servingRoles.app, grantees.search],
  lifecycle: [servingRoles.engine, grantees.eraser],
  private: [],
  drizzle: [],
};

const described = ({ table, column, role, privilege }: HeldGrant): string =>
  `${role} ${privilege} on ${table}${column === null ? '' : `.${column}`}`;

interface StrayGrant extends HeldGrant {
  readonly schema: string;
  readonly fix: string;
}

/** The engine's own tables are granted to it by a start, all alike. */
const engineMay = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE']);

/**
 * What the comparison with the declarations does not see: grants to roles that are not ours, and
 * grants in other schemas than `public`.
 */
async function strayGrants(client: ClientBase): Promise<StrayGrant[]> {
  const { rows } = await client.query<StrayGrant & { readonly ours: boolean }>(
    `with held as (
       select c.oid, null::name as column, c.relowner, a.grantee, a.privilege_type
         from pg_class c cross join lateral aclexplode(c.relacl) a
        where c.relkind in ('r', 'p', 'v', 'm', 'f')
       union all
       select c.oid, t.attname, c.relowner, a.grantee, a.privilege_type
         from pg_class c
         join pg_attribute t on t.attrelid = c.oid and not t.attisdropped
        cross join lateral aclexplode(t.attacl) a
     )
     select n.nspname as schema, n.nspname || '.' || c.relname as table, held.column,
            coalesce(r.rolname, 'PUBLIC') as role, held.privilege_type as privilege,
            held.grantee = 0 or r.rolname = any($1) as ours,
            format('REVOKE %s%s ON %I.%I FROM %s;', held.privilege_type,
                   ' (' || quote_ident(held.column) || ')', n.nspname, c.relname,
                   coalesce(quote_ident(r.rolname), 'PUBLIC')) as fix
       from held join pg_class c on c.oid = held.oid join pg_namespace n on n.oid = c.relnamespace
       left join pg_roles r on r.oid = held.grantee
      where ${ourSchemas} and not ${fromExtension('pg_class', 'c.oid')}
        and held.grantee <> held.relowner and r.rolname is distinct from $2
        and not coalesce(${administrator('r')}, false)
      order by 2, 3, 4, 5`,
    [Object.values(grantees), ownerRole],
  );
  return rows.filter(({ schema, role, privilege, column, ours }) => {
    if (schema === 'public') return !ours;
    if (schema === 'engine' && role === servingRoles.engine) {
      return column !== null || !engineMay.has(privilege);
    }
    return ours || schema in schemaUsers;
  });
}

const strayFinding = (grant: StrayGrant): Finding => {
  const what = `Granted beyond the declaration: ${described(grant)}.`;
  return grant.schema in schemaUsers ? { what, fix: grant.fix } : warning(what, grant.fix);
};

/** The grants on tables and columns are those declared, neither more nor fewer, whoever has them. */
export function grants(): Inspection {
  return async (client) => {
    const held = await heldGrants(client);
    const stray = await strayGrants(client);
    const { missing, beyond } = compareGrants(wantedGrants(declaredTables()), held);
    return {
      check: 'grants',
      looked: held.length + stray.length,
      findings: [
        ...beyond.map((grant) => ({
          what: `Granted beyond the declaration: ${described(grant)}.`,
          fix: `${revokeStatement(grant)};`,
        })),
        ...stray.map(strayFinding),
        ...missing.map((grant) => ({
          what: `Declared and not granted: ${described(grant)}.`,
          fix: `${grantStatement(grant)};`,
        })),
      ],
    };
  };
}

interface SchemaRow {
  readonly schema: string;
  readonly role: string;
  readonly quoted: string;
  readonly privilege: string;
}

function judgeSchema({ schema, role, quoted, privilege }: SchemaRow): Finding[] {
  const users = schemaUsers[schema];
  if (privilege === 'USAGE' && users?.includes(role)) return [];
  const ours = role === 'PUBLIC' || serving.some((name) => name === role);
  if (!users && !ours) return [];
  const what = `${role} has ${privilege} on schema ${schema}.`;
  const fix = `REVOKE ${privilege} ON SCHEMA ${schema} FROM ${quoted};`;
  // To look inside gives nothing yet where tables have grants of their own; the keys' is another matter.
  const harmless = users ? !ours && schema !== 'private' : true;
  return [privilege === 'USAGE' && harmless ? warning(what, fix) : { what, fix }];
}

/** Nobody but the owner makes things in the schemas; the engine's is the engine's, the keys nobody's. */
export function schemas(): Inspection {
  return inspection<SchemaRow>(
    'schemas',
    `select n.nspname as schema, coalesce(r.rolname, 'PUBLIC') as role,
            coalesce(quote_ident(r.rolname), 'PUBLIC') as quoted, a.privilege_type as privilege
       from pg_namespace n cross join lateral aclexplode(n.nspacl) a
       left join pg_roles r on r.oid = a.grantee
      where ${ourSchemas} and a.grantee <> n.nspowner
        and coalesce(r.rolname, 'PUBLIC') not in ($1, 'pg_database_owner')
        and not coalesce(${administrator('r')}, false)
      order by 1, 2`,
    [ownerRole],
    judgeSchema,
  );
}

interface SequenceRow {
  readonly name: string;
  readonly schema: string;
  readonly held: readonly { role: string; quoted: string; privilege: string }[];
}

/** A sequence tells how much others have made. */
export function sequences(): Inspection {
  return inspection<SequenceRow>(
    'sequences',
    `select c.oid::regclass::text as name, n.nspname as schema,
            coalesce((select json_agg(json_build_object(
                        'role', coalesce(r.rolname, 'PUBLIC'), 'privilege', a.privilege_type,
                        'quoted', coalesce(quote_ident(r.rolname), 'PUBLIC')))
               from aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
              where a.grantee <> c.relowner and r.rolname is distinct from $1
                and not coalesce(${administrator('r')}, false)), '[]') as held
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'S' and ${ourSchemas} order by 1`,
    [ownerRole],
    ({ name, schema, held }) =>
      held
        .filter(({ role }) => !(schema === 'engine' && role === servingRoles.engine))
        .map(({ role, quoted, privilege }) => ({
          what: `${role} has ${privilege} on the sequence ${name}, and so learns how many rows all tenants have made.`,
          fix: `REVOKE ${privilege} ON SEQUENCE ${name} FROM ${quoted};`,
        })),
  );
}
