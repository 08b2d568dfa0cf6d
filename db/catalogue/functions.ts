import { contextKeyBody, currentTenantBody, useTenantBody } from '../migration/context';
import { callersFunctions, definerFunctions as declared } from '../schema/functions';
import { actingRoleNames, ownerRole, servingRoles } from '../schema/roles';
import {
  type Finding,
  fromExtension,
  type Inspection,
  inspection,
  ourSchemas,
  warning,
} from './finding';

interface FunctionRow {
  readonly signature: string;
  readonly definer: boolean;
  readonly leakproof: boolean;
  readonly immutable: boolean;
  readonly owner: string;
  readonly settings: readonly string[];
  readonly body: string;
  readonly digest: string;
  /** Roles that may call it, besides its owner. */
  readonly callers: readonly string[];
}

const safePath = 'search_path=pg_catalog, pg_temp';

/** Whether a body is what a start of ours writes. Which keys it accepts changes; the rest does not. */
function isWritten(signature: string, body: string): boolean {
  if (signature === 'private.context_key(text)') return body === contextKeyBody;
  if (signature === 'public.use_tenant(text)') return body === useTenantBody;
  const keys = body.matchAll(/private\.context_key\('([\w-]{8})'\)/g);
  const ids = [...new Set([...keys].map(([, id]) => id ?? ''))];
  const hmac = /\b(\w+\.hmac)\(/.exec(body)?.[1] ?? '';
  return body === currentTenantBody(ids, hmac);
}

/** What is wrong with a function that is declared to act as its owner. */
function judgeDeclared(row: FunctionRow, wanted: (typeof declared)[number]): Finding[] {
  const { signature, immutable, owner, settings, body, digest, callers } = row;
  const findings: Finding[] = [];
  const add = (what: string, fix: string) =>
    findings.push({ what: `Function ${signature} ${what}`, fix });
  const acts = wanted.actsAs ?? ownerRole;
  if (owner !== acts) {
    add(`acts as ${owner} rather than ${acts}.`, `ALTER FUNCTION ${signature} OWNER TO ${acts};`);
  }
  if (immutable && !wanted.immutable) {
    add(
      'is marked IMMUTABLE: a plan keeps its first answer, which may be of another tenant.',
      `ALTER FUNCTION ${signature} STABLE;`,
    );
  }
  if (!wanted.qualified && !settings.includes(safePath)) {
    add(
      'looks for names where its caller says.',
      `ALTER FUNCTION ${signature} SET search_path = pg_catalog, pg_temp;`,
    );
  }
  const settled = new Set([safePath, ...(wanted.settings ?? [])]);
  for (const setting of settings.filter((each) => !settled.has(each))) {
    const [name] = setting.split('=', 1);
    add(`runs with ${setting}.`, `ALTER FUNCTION ${signature} RESET ${name};`);
  }
  const known = wanted.digest === undefined ? isWritten(signature, body) : wanted.digest === digest;
  if (!known) {
    add(
      `does not do what was declared (its body's SHA-256 is ${digest}).`,
      'Start Tenantry again, which writes its own functions anew; one of a migration is put back by running that statement again.',
    );
  }
  const serving = wanted.execute.map((key): string => servingRoles[key]);
  const may = new Set([...serving, ...(wanted.executeToo ?? [])]);
  for (const role of callers.filter((each) => !may.has(each))) {
    add(`can be called by ${role}.`, `REVOKE EXECUTE ON FUNCTION ${signature} FROM ${role};`);
  }
  for (const role of [...may].filter((each) => !callers.includes(each))) {
    findings.push(
      warning(
        `Function ${signature} cannot be called by ${role}.`,
        `GRANT EXECUTE ON FUNCTION ${signature} TO ${role};`,
      ),
    );
  }
  return findings;
}

function judge(row: FunctionRow): Finding[] {
  const { signature, definer, leakproof, callers } = row;
  const findings: Finding[] = [];
  if (leakproof) {
    findings.push({
      what: `Function ${signature} is marked LEAKPROOF: it sees rows before row security does.`,
      fix: `ALTER FUNCTION ${signature} NOT LEAKPROOF;`,
    });
  }
  const wanted = declared.find((one) => one.signature === signature);
  if (definer && wanted) return [...findings, ...judgeDeclared(row, wanted)];
  if (definer) {
    findings.push({
      what: `Function ${signature} is SECURITY DEFINER and in no declaration: it acts with its owner's rights.`,
      fix: `ALTER FUNCTION ${signature} SECURITY INVOKER; or declare it in db/schema/functions.ts.`,
    });
    return findings;
  }
  const known = callersFunctions.find((one) => one.signature === signature)?.execute;
  // What functions call that act as a role without a login, they call as that role.
  const acting: readonly string[] = known ? actingRoleNames : [];
  const may = new Set([...acting, ...(known ?? []).map((key): string => servingRoles[key])]);
  for (const role of callers.filter((each) => !may.has(each))) {
    findings.push(
      warning(
        `${role === 'PUBLIC' ? 'Everybody' : role} may call ${signature}, which was not declared.`,
        `REVOKE EXECUTE ON FUNCTION ${signature} FROM ${role}; or declare it in db/schema/functions.ts.`,
      ),
    );
  }
  return findings;
}

/**
 * Functions of ours: those that act as their owner are the declared ones, word for word; none sees
 * rows before row security does; and not everybody may call them.
 */
export function functions(): Inspection {
  const find = inspection<FunctionRow>(
    'definer-functions',
    `select n.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')' as signature,
            p.prosecdef as definer, p.proleakproof as leakproof,
            p.provolatile = 'i' as immutable, pg_get_userbyid(p.proowner) as owner,
            coalesce(p.proconfig, '{}') as settings, p.prosrc as body,
            encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') as digest,
            array(select coalesce(r.rolname, 'PUBLIC')::text
                    from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                    left join pg_roles r on r.oid = a.grantee
                   where a.privilege_type = 'EXECUTE' and a.grantee <> p.proowner) as callers
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where ${ourSchemas} and (p.prosecdef or p.proleakproof or not ${fromExtension('pg_proc', 'p.oid')})
      order by 1`,
    [],
    judge,
  );
  return async (client) => {
    const result = await find(client);
    const { rows } = await client.query<{ signature: string }>(
      `select signature from unnest($1::text[]) signature
        where not exists (select from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                           where p.prosecdef and n.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')' = signature)`,
      [declared.map(({ signature }) => signature)],
    );
    const missing = rows.map(({ signature }) => ({
      what: `Function ${signature} is not there, or does not act as its owner.`,
      fix: 'Start Tenantry once: a start writes it.',
    }));
    return { ...result, findings: [...result.findings, ...missing] };
  };
}
