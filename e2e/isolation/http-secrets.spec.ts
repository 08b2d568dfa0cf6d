import { declaredTables } from '@/db/schema';
import { builtActions } from '../support/actions';
import { listed } from '../support/endpoints';
import { Caller, outcomeOf } from '../support/isolation/caller';
import { type Cast, makeTenant, plantOther, type Tenant } from '../support/isolation/cast';
import { fingerprint } from '../support/isolation/fingerprint';
import { expect, test } from '../support/isolation/fixtures';
import { read, readable } from '../support/isolation/reading';
import { sessionCookie } from '../support/isolation/token';
import { tenantTables } from '../support/isolation/world';

/** Links that are keys, sessions that are asked to change, and what staff are shown. */

test.setTimeout(300_000);

const join = 'app/(site)/invitations/[token]/actions.ts';

async function invite(caller: Caller, email: string): Promise<string> {
  const answer = await caller.act('app/(tenant)/members/actions.ts#invite', {
    email,
    role: 'viewer',
  });
  return /\/invitations\/([\w-]{43})/.exec(answer.body)?.[1] ?? '';
}

/** The mail of an invitation goes out by itself a moment later. */
const untilSent = ({ pool }: Cast, { id }: Tenant) =>
  expect
    .poll(
      async () => {
        const waiting = 'select 1 from mails where tenant_id = $1 and sent_at is null';
        return (await pool.query(waiting, [id])).rowCount;
      },
      { timeout: 90_000 },
    )
    .toBe(0);

test('an invitation’s link is for whom it names, and cannot be made from what is known', async ({
  cast,
  report,
}) => {
  const { attacker, pool, watch, others } = cast;
  const tenant = await makeTenant(cast, `link${crypto.randomUUID().slice(0, 8)}`);
  const token = await invite(tenant.members.owner, `guest@${tenant.mark}.example`);
  expect(token).toHaveLength(43);
  const { rows } = await pool.query<{ id: string; token_hash: string }>(
    'select id, token_hash from invitations where tenant_id = $1 order by created_at desc limit 1',
    [tenant.id],
  );
  await untilSent(cast, tenant);
  const before = await fingerprint(cast, tenant);
  const flip = (at: number) =>
    token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
  const guesses = [
    rows[0]?.token_hash ?? '',
    rows[0]?.id ?? '',
    tenant.id,
    flip(0),
    flip(20),
    token.slice(0, -1),
    `${token}A`,
    token.toLowerCase(),
    '%',
    `${token}' or '1'='1`,
  ];
  for (const guess of guesses) {
    const page = await others.nobody.ask(`/invitations/${encodeURIComponent(guess)}`);
    expect(page.body, guess).not.toContain(tenant.mark);
    for (const caller of [attacker.members.owner, others.outsider]) {
      const taken = await caller.act(`${join}#acceptInvitation`, { token: guess });
      expect(outcomeOf(taken), guess).not.toMatch(/^ok|^to /);
    }
  }
  // The right link in the wrong hands: it names somebody else. The mail said so to them alone.
  const stranger = new Caller(cast.server, others.outsider.facts);
  expect(outcomeOf(await stranger.act(`${join}#acceptInvitation`, { token }))).toBe('forbidden');
  expect(await fingerprint(cast, tenant)).toEqual(before);
  // Whoever it names gets what it says, whatever they add.
  const joined = await stranger.act(`${join}#joinWithNewAccount`, {
    token,
    name: 'Guest',
    password: 'a quiet harbour at dawn',
    role: 'owner',
    email: others.outsider.facts.email,
    tenantId: attacker.id,
  });
  expect(outcomeOf(joined)).toBe('to /overview');
  const { rows: members } = await pool.query<{ role: string; email: string }>(
    `select m.role, u.email from memberships m join users u on u.id = m.user_id
     where m.tenant_id = $1 and u.email like 'guest@%'`,
    [tenant.id],
  );
  expect(members).toEqual([{ role: 'viewer', email: `guest@${tenant.mark}.example` }]);
  expect(watch.leaks).toEqual([]);
  report({
    attack: 'app: signed links',
    cases: guesses.length * 3 + 2,
    tried:
      'An invitation was guessed from its hash, its id and near misses, accepted by somebody it does not name, and joined with a role, an address and a tenant of one’s own choosing.',
  });
});

test('a session that is asked to change goes nowhere but where its person is a member', async ({
  cast,
  report,
}) => {
  const { attacker, victim, others } = cast;
  for (const caller of [attacker.members.viewer, others.outsider]) {
    const csrf = await caller.ask('/api/auth/csrf');
    const cookie = /tenantry\.csrf=[^;]+/.exec(csrf.headers['set-cookie'] ?? '')?.[0] ?? '';
    const { csrfToken } = JSON.parse(csrf.body) as { csrfToken: string };
    const data = {
      tenantId: victim.id,
      role: 'owner',
      userId: victim.members.owner.facts.userId,
      staff: true,
      sessionVersion: 1,
    };
    const answer = await caller.ask('/api/auth/session', {
      method: 'POST',
      headers: {
        cookie: `${sessionCookie}=${caller.facts.session}; ${cookie}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ csrfToken, data }),
    });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toContain(victim.id);
    const renewed = new RegExp(`${sessionCookie}=([^;]+)`).exec(answer.headers['set-cookie'] ?? '');
    const after = new Caller(
      cast.server,
      { ...caller.facts, session: renewed?.[1] ?? caller.facts.session },
      cast.watch,
    );
    expect((await after.ask('/settings')).status).not.toBe(200);
    expect((await after.ask('/admin')).status).toBe(404);
    const runs = await after.ask('/api/runs');
    expect(runs.body).not.toContain(victim.world.rows.get('runs'));
  }
  report({
    attack: 'app: a session asked to change',
    cases: 2,
    tried:
      'The session’s own endpoint was asked, with its CSRF token, for the victim’s tenant, person and role, and for staff.',
  });
});

test('signing up makes an organisation of one’s own, whatever else is sent', async ({
  cast,
  report,
}) => {
  const { victim, others, pool } = cast;
  const before = await fingerprint(cast, victim);
  const email = `new.${crypto.randomUUID()}@sample.example`;
  const made = await others.nobody.act('app/(site)/sign-up/actions.ts#createAccount', {
    ...{ email, name: 'New Person', password: 'a quiet harbour at dawn', tenantName: 'New Ltd' },
    ...{ tenantId: victim.id, role: 'owner', staff: true, id: victim.members.owner.facts.userId },
  });
  expect(outcomeOf(made)).toBe('to /overview');
  const { rows } = await pool.query<{ tenant_id: string; staff: boolean }>(
    `select m.tenant_id, exists (select from staff where user_id = u.id) as staff
     from users u join memberships m on m.user_id = u.id where u.email = $1`,
    [email],
  );
  expect(rows).toEqual([{ tenant_id: expect.not.stringContaining(victim.id), staff: false }]);
  expect(await fingerprint(cast, victim)).toEqual(before);
  report({
    attack: 'app: mass assignment at the sign-up',
    cases: 1,
    tried:
      'Somebody signed up and sent the victim’s id, a role, an id of a person and staff along.',
  });
});

/** What staff may read of a tenant's table, by its declaration: `resources.name`. */
const mayBeShown = new Set(
  declaredTables().flatMap(({ name, grants }) =>
    (grants.platform ?? []).flatMap((grant) => {
      if (grant === 'select') {
        const columns = tenantTables.find((table) => table.name === name)?.columns ?? [];
        return columns.map((column) => `${name}.${column.name}`);
      }
      if (typeof grant === 'string' || grant.privilege !== 'select') return [];
      return grant.columns.map((column) => `${name}.${column}`);
    }),
  ),
);

/** Names the key that wraps a tenant's: the doctor says which one nobody has configured. */
mayBeShown.add('tenant_keys.key_encryption_key_id');

const inAnswer = (body: string, mark: string) =>
  [...body.matchAll(new RegExp(`${mark} ([a-z_]+\\.[a-z_]+)`, 'g'))].map((match) => match[1] ?? '');

/** Pages of the console that show nobody's data: one's own account, an empty form. */
const showNobody = new Set(['app/admin/account/page.tsx', 'app/admin/tenants/new/page.tsx']);

test('staff who look at a tenant see what the console needs, and each look is on record', async ({
  cast,
  report,
}) => {
  const { victim, pool } = cast;
  // New ones: a search is part of the look that it narrows, if they looked within the last minutes.
  const callers = [await plantOther(cast, 'support'), await plantOther(cast, 'platform_admin')];
  const looks = async (caller: Caller) =>
    Number(
      (
        await pool.query('select count(*) from staff_access_logs where user_id = $1', [
          caller.facts.userId,
        ])
      ).rows[0]?.count,
    );
  const seen = new Set<string>();
  for (const caller of callers) {
    for (const endpoint of readable('staff')) {
      const before = await looks(caller);
      const answer = await read(cast, caller, endpoint, victim.world);
      if (answer.status === 200 && !showNobody.has(endpoint.file)) {
        expect(await looks(caller), `${caller.name} ${endpoint.file}`).toBeGreaterThan(before);
      }
      for (const column of inAnswer(answer.body, victim.mark)) seen.add(column);
    }
    // Being staff is no membership.
    for (const endpoint of readable('tenant')) {
      const answer = await read(cast, caller, endpoint, victim.world);
      expect([401, 307], endpoint.file).toContain(answer.status);
    }
  }
  expect([...seen].filter((column) => !mayBeShown.has(column))).toEqual([]);
  report({
    attack: 'app: look-as-staff',
    cases: 2 * (readable('staff').length + readable('tenant').length),
    tried:
      'Staff read every page of the console about the victim: no column beyond those granted to the console was in an answer, each look left a row, and no page of a member opened.',
  });
});

test('what answers without a session tells nothing of any tenant', async ({ cast, report }) => {
  const { victim, attacker, others } = cast;
  const told: string[] = [];
  for (const endpoint of readable('public')) {
    const { body } = await read(cast, others.nobody, endpoint, attacker.world);
    for (const word of [victim.mark, victim.id, attacker.mark, attacker.id]) {
      if (body.includes(word)) told.push(`${endpoint.file}: ${word}`);
    }
  }
  expect(told).toEqual([]);
  const methods = ['GET', 'POST', 'PUT'] as const;
  for (const method of methods) {
    const body = JSON.stringify({ event: { data: { tenantId: victim.id } } });
    const answer = await others.nobody.ask('/api/inngest?fnId=tenantry-automation-run', {
      method,
      ...(method !== 'GET' && { body, headers: { 'content-type': 'application/json' } }),
    });
    expect(answer.status, method).toBe(404);
  }
  const incoming = listed().endpoints.filter(
    (one) => one.form === 'route' && one.audience === 'public' && one.export !== 'GET',
  );
  // The only ways in for machines. Webhooks find their tenants by our own record of the workspace or
  // the subscription, once the sender is proven: lib/connections/webhooks.
  expect([...new Set(incoming.map(({ file }) => file))].sort()).toEqual([
    'app/api/auth/[...nextauth]/route.ts',
    'app/api/inngest/route.ts',
    'app/api/webhooks/microsoft/route.ts',
    'app/api/webhooks/slack/route.ts',
  ]);
  expect(builtActions().length).toBeGreaterThan(0);
  report({
    attack: 'app: webhook to tenant mapping',
    cases: readable('public').length + methods.length + 1,
    tried:
      'Everything that answers without a session was read; of the ways in for machines, the engine’s refuses all that comes while it is embedded and takes no tenant from an event otherwise (lib/jobs), and webhooks take none from what they are sent.',
  });
});
