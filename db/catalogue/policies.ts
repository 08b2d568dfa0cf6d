import { eraserRoleName } from '../schema/roles';
import { type DeclaredPolicy, schemaTables } from './declared';
import { type Finding, type Inspection, inspection } from './finding';
import { declaredNames, madeBy, tenantTables } from './tables';

/** As PostgreSQL prints the policies' source of the tenant, for rows that are read and written. */
const READ = 'current_tenant()';
const WRITTEN = '( SELECT current_tenant() AS current_tenant)';

type Rule = readonly [using: string | null, check: string | null];

/** What isolates a table's rows from other tenants, as PostgreSQL prints it. */
const isolation: Readonly<Record<string, Rule>> = {
  tenants: [`(id = ${READ})`, `(id = ${WRITTEN})`],
  // Written one row a statement.
  audit_events: [`(tenant_id = ${READ})`, `(tenant_id = ${READ})`],
  users: [
    `(EXISTS ( SELECT 1
   FROM memberships m
  WHERE ((m.tenant_id = ${READ}) AND (m.user_id = users.id))))`,
    null,
  ],
};
/** What the eraser sees: rows of tenants that were closed for their deletion. */
const closed = `FROM tenant_deletions d
  WHERE ((d.closed_at IS NOT NULL) AND (d.finished_at IS NULL))`;
const erased: Readonly<Record<string, string>> = {
  tenants: `(id IN ( SELECT d.tenant_id\n   ${closed}))`,
  users: `(id IN ( SELECT m.user_id
   FROM (memberships m
     JOIN tenant_deletions d ON ((d.tenant_id = m.tenant_id)))
  WHERE ((d.closed_at IS NOT NULL) AND (d.finished_at IS NULL))))`,
  tenant_deletions: 'true',
};

function eraserRule(table: string, command: DeclaredPolicy['command']): Rule {
  if (command === 'select') return ['true', null];
  const rule = erased[table] ?? `(tenant_id IN ( SELECT d.tenant_id\n   ${closed}))`;
  return [rule, rule];
}

/** What holds rows back whoever writes them, by name. */
const limits: Readonly<Record<string, Rule>> = {
  jobs_begin_now: [null, '(created_at = now())'],
  audit_events_size: [
    null,
    '(octet_length(concat(actor_type, actor_name, action, target_type, target_id, target_name, outcome, request_id, ip_address, user_agent, details)) <= 131072)',
  ],
};

const ofTenant: Rule = [`(tenant_id = ${READ})`, `(tenant_id = ${WRITTEN})`];

interface LivePolicy {
  readonly name: string;
  readonly permissive: boolean;
  /** `*` for all, else `r`, `a`, `w` or `d`. */
  readonly command: string;
  readonly roles: readonly string[];
  readonly using: string | null;
  readonly check: string | null;
}

interface PolicyRow {
  readonly name: string;
  readonly policies: readonly LivePolicy[];
}

const commands = { all: '*', select: 'r', insert: 'a', update: 'w', delete: 'd' } as const;

function rule(table: string, { command, role }: DeclaredPolicy): Rule {
  if (role === 'tenantry_app') return isolation[table] ?? ofTenant;
  if (role === eraserRoleName) return eraserRule(table, command);
  return ['true', command === 'select' ? null : 'true'];
}

/** What a declared policy says when it is applied as declared. */
function expected(table: string, policy: DeclaredPolicy): LivePolicy {
  const { name, command, role, permissive } = policy;
  const [using, check] = limits[name] ?? rule(table, policy);
  return { name, permissive, command: commands[command], roles: [role], using, check };
}

const sqlCommands = { '*': 'ALL', r: 'SELECT', a: 'INSERT', w: 'UPDATE', d: 'DELETE' } as const;

/** The statement that makes a declared policy. */
function creation(table: string, policy: LivePolicy): string {
  const { name, permissive, command, roles, using, check } = policy;
  const kind = permissive ? '' : ' AS RESTRICTIVE';
  const [rows, written] = [using && ` USING (${using})`, check && ` WITH CHECK (${check})`];
  const what = sqlCommands[command as keyof typeof sqlCommands];
  return `CREATE POLICY ${name} ON public.${table}${kind} FOR ${what} TO ${roles.join(', ')}${rows ?? ''}${written ?? ''};`;
}

const same = (one: LivePolicy, other: LivePolicy): boolean =>
  one.permissive === other.permissive &&
  one.command === other.command &&
  one.roles.join() === other.roles.join() &&
  one.using === other.using &&
  one.check === other.check;

function judge({ name, policies }: PolicyRow): Finding[] {
  const table = schemaTables().get(`public.${name}`);
  const wanted = (table?.policies ?? []).map((policy) => expected(name, policy));
  const missing = wanted
    .filter((policy) => !policies.some((live) => live.name === policy.name))
    .map((policy): Finding => {
      const fix = creation(name, policy);
      const without = `Table ${name} is without its policy ${policy.name}`;
      if (policy.roles[0] === 'tenantry_app') {
        return { what: `Table ${name} has no isolation policy for tenantry_app.`, fix };
      }
      if (!policy.permissive) return { what: `${without}: rows of any kind can be written.`, fix };
      const what = `${without}: ${policy.roles.join()} sees nothing of it.`;
      return { what, fix, severity: 'warning' };
    });
  const none =
    table || policies.length > 0
      ? []
      : [{ what: `Table ${name} has no isolation policy for tenantry_app.`, fix: madeBy }];
  const others = policies.flatMap((policy): Finding[] => {
    const declared = wanted.find((one) => one.name === policy.name);
    if (declared && same(policy, declared)) return [];
    const says = policy.using ?? policy.check;
    return [
      declared
        ? {
            what: `Policy ${policy.name} on ${name} does not say what was declared; for ${policy.roles.join(', ')} it says: ${says}${policy.check && policy.check !== says ? `, and for what is written: ${policy.check}` : ''}.`,
            fix: `DROP POLICY ${policy.name} ON public.${name}; ${creation(name, declared)}`,
          }
        : {
            what: `Policy ${policy.name} on ${name} is in no declaration: it lets ${policy.roles.join(', ')} reach rows where ${says}.`,
            fix: `DROP POLICY ${policy.name} ON public.${name};`,
          },
    ];
  });
  return [...missing, ...none, ...others];
}

/** Every tenant table has the policies that were declared for it, to the letter, and no others. */
export function policies(): Inspection {
  const [secured, control] = declaredNames();
  return inspection<PolicyRow>(
    'policies',
    `select s.name,
            coalesce((select json_agg(json_build_object(
                      'name', p.polname, 'permissive', p.polpermissive, 'command', p.polcmd,
                      'roles', array(select coalesce(r.rolname, 'PUBLIC') from unnest(p.polroles) x(id)
                                       left join pg_roles r on r.oid = x.id order by 1),
                      'using', pg_get_expr(p.polqual, p.polrelid),
                      'check', pg_get_expr(p.polwithcheck, p.polrelid)))
               from pg_policy p where p.polrelid = s.oid), '[]') as policies
       from (${tenantTables}) s where not s.relispartition order by 1`,
    [secured, control],
    judge,
  );
}
