import { type ListedEndpoint, nameOf } from '../support/endpoints';
import { essenceOf } from '../support/isolation/ask';
import { Caller } from '../support/isolation/caller';
import type { Cast, Tenant } from '../support/isolation/cast';
import { makeTenant } from '../support/isolation/cast';
import { deniedTo } from '../support/isolation/denials';
import { expect, test } from '../support/isolation/fixtures';
import { forgeries } from '../support/isolation/forged';
import { read, readable } from '../support/isolation/reading';
import { authSecret } from '../support/isolation/token';
import { each, promised, verdictOf } from '../support/isolation/walk';

/** Who one is, and in which tenant, is what the session and the database say; nothing else. */

test.setTimeout(480_000);

test('X-Tenant-ID of another tenant is a page that does not exist, everywhere, on record', async ({
  cast,
  report,
}) => {
  const { attacker, victim } = cast;
  const { admin } = attacker.members;
  const endpoints = readable('tenant').filter((one) => promised(one, 'admin') === 'ok');
  const before = (await deniedTo(cast, admin)).byReason.tenant_header_mismatch ?? 0;
  const wrong = await each(endpoints, async (endpoint) => {
    const headers = { 'x-tenant-id': victim.id };
    const answer = await read(cast, admin, endpoint, attacker.world, headers);
    return verdictOf(endpoint, answer) === 'not_found'
      ? []
      : [`${nameOf(endpoint)} ${answer.status}`];
  });
  expect(wrong.flat()).toEqual([]);
  const after = async () => (await deniedTo(cast, admin)).byReason.tenant_header_mismatch ?? 0;
  await expect.poll(after).toBe(before + endpoints.length);
  report({
    attack: 'app: X-Tenant-ID tampering',
    cases: endpoints.length,
    tried:
      'Every page and route was asked with the victim’s id in X-Tenant-ID: each answered as one that does not exist and left one denial.',
  });
});

/** What a caller can say of itself beside its session. None of it may be believed. */
const claimsOf = ({
  victim,
}: Cast): Readonly<Record<string, Readonly<Record<string, string>>>> => ({
  'another Host': { host: 'victim.example' },
  'a Host with the tenant in it': { host: `${victim.id}.localhost` },
  'X-Forwarded-Host': { 'x-forwarded-host': 'victim.example', 'x-forwarded-proto': 'https' },
  Forwarded: { forwarded: 'host=victim.example;proto=https;for=203.0.113.9' },
  'another path': { 'x-original-url': '/api/health', 'x-rewrite-url': '/api/health' },
  'our own names': {
    'x-request-path': '/admin',
    'x-request-method': 'DELETE',
    'x-tenant': victim.id,
    'x-user-id': victim.members.owner.facts.userId ?? '',
    'x-role': 'owner',
  },
  'past the middleware': {
    'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy',
    'x-middleware-rewrite': '/api/health',
    'x-middleware-request-cookie': 'tenantry.session=forged',
    'x-nextjs-data': '1',
  },
});

test('no other header says who one is or in which tenant', async ({ cast, report }) => {
  const { attacker } = cast;
  const { viewer } = attacker.members;
  const endpoints = readable('tenant');
  const cases = Object.entries(claimsOf(cast)).flatMap(([what, headers]) =>
    endpoints.map((endpoint) => ({ what, headers, endpoint })),
  );
  const look = async (endpoint: ListedEndpoint, headers: Readonly<Record<string, string>>) =>
    JSON.stringify(essenceOf(await read(cast, viewer, endpoint, attacker.world, headers)));
  const plain = new Map<ListedEndpoint, string>();
  await each(endpoints, async (endpoint) => plain.set(endpoint, await look(endpoint, {})));
  /** What a header changes lies between two answers without it that are the same. */
  const verdict = async ({ headers, endpoint }: (typeof cases)[number]) => {
    const before = await look(endpoint, {});
    const asked = await look(endpoint, headers);
    const after = await look(endpoint, {});
    if (asked === before || asked === after) return 'same';
    return before === after ? 'different' : 'changed by itself';
  };
  const wrong = await each(cases, async (one) => {
    if ((await look(one.endpoint, one.headers)) === plain.get(one.endpoint)) return [];
    const found: string[] = [];
    for (let tries = 0; tries < 10 && !found.includes('same'); tries += 1) {
      found.push(await verdict(one));
    }
    if (found.includes('same')) return [];
    return [`${nameOf(one.endpoint)}, ${one.what}: ${found.join(', ')}`];
  });
  expect(wrong.flat()).toEqual([]);
  report({
    attack: 'app: Host, forwarding and framework headers',
    cases: cases.length,
    tried:
      'Every page and route was asked with seven kinds of claims in headers: the answers were those without.',
  });
});

test('the cookie of the organisation last worked in is a hint and no key', async ({
  cast,
  report,
}) => {
  const { attacker, victim } = cast;
  const { owner } = attacker.members;
  const cookie = `tenantry.session=${owner.facts.session}; tenantry.organisation=${victim.id}`;
  const endpoints = readable('tenant');
  await each(endpoints, (endpoint) => read(cast, owner, endpoint, attacker.world, { cookie }));
  const session = await owner.ask('/api/auth/session', { headers: { cookie } });
  expect(JSON.parse(session.body)).toMatchObject({ tenantId: attacker.id });
  report({
    attack: 'app: cookie tampering',
    cases: endpoints.length + 1,
    tried:
      'Every page and route was asked with the victim’s id in the organisation’s cookie: nothing of the victim’s came.',
  });
});

test('a session that was not sealed by us is none', async ({ cast, report, server }) => {
  const { victim, attacker, seal } = cast;
  const claims = {
    userId: victim.members.owner.facts.userId ?? '',
    tenantId: victim.id,
    role: 'owner',
  };
  const forged = await forgeries(claims, await seal(claims), authSecret(server));
  const places = ['/api/runs', '/api/audit', '/overview', '/api/admin/tenants'];
  const answers: string[] = [];
  for (const [what, session] of Object.entries(forged)) {
    const caller = new Caller(server, { ...attacker.members.viewer.facts, session }, cast.watch);
    for (const path of places) {
      const { status } = await caller.ask(path);
      if (status === 200) answers.push(`${what}: ${path} ${status}`);
    }
    const renamed = await caller.act('app/(tenant)/settings/actions.ts#renameOrganisation', {
      name: 'Forged',
    });
    expect(renamed.body, what).toContain('unauthenticated');
  }
  expect(answers).toEqual([]);
  // That the same claims, sealed rightly, would have opened all of it.
  expect((await victim.members.owner.ask('/api/runs')).status).toBe(200);
  report({
    attack: 'app: JWT tampering',
    cases: Object.keys(forged).length * (places.length + 1),
    tried:
      'Thirteen forged sessions of the victim’s owner (alg none, other keys, other salts, changed parts): none opened anything.',
  });
});

test('claims that we did seal are held against the database', async ({ cast, report, server }) => {
  const { attacker, victim, seal, watch, others } = cast;
  const { viewer, owner } = attacker.members;
  const facts = viewer.facts;
  const as = async (claims: Parameters<typeof seal>[0]) =>
    new Caller(server, { ...facts, session: await seal(claims) }, watch);
  const userId = facts.userId ?? '';
  const elsewhere = await as({ userId, tenantId: victim.id, role: 'owner' });
  const promoted = await as({ userId, tenantId: attacker.id, role: 'owner' });
  const staff = await as({ userId, tenantId: attacker.id, role: 'owner', staff: true });
  const gone = await as({ userId: crypto.randomUUID(), tenantId: victim.id, role: 'owner' });
  const future = await as({ userId, tenantId: attacker.id, role: 'viewer', sessionVersion: 2 });
  const endpoints = readable('tenant');
  for (const caller of [elsewhere, gone, future]) {
    const wrong = await each(endpoints, async (endpoint) => {
      const answer = await read(cast, caller, endpoint, victim.world);
      return verdictOf(endpoint, answer) === 'unauthenticated' ? [] : [nameOf(endpoint)];
    });
    expect(wrong.flat()).toEqual([]);
  }
  expect((await promoted.ask('/settings')).status).toBe(403);
  expect((await promoted.ask('/api/audit')).status).toBe(403);
  for (const endpoint of readable('staff')) {
    const answer = await read(cast, staff, endpoint, victim.world);
    expect(verdictOf(endpoint, answer), nameOf(endpoint)).toBe('not_found');
  }
  expect((await owner.ask('/settings')).status).toBe(200);
  expect((await others.support.ask('/admin')).status).toBe(200);
  report({
    attack: 'app: claims swapped and sealed again',
    cases: endpoints.length * 3 + 2 + readable('staff').length,
    tried:
      'Sessions that name another tenant, a higher role, staff, a person who is not there or a later version, sealed with the right key: each was held against the database.',
  });
});

/** What ends or changes a membership, and what its session is worth from then on. */
const changes = {
  'a removed member': {
    sql: 'delete from memberships where tenant_id = $1 and user_id = $2',
    left: 'unauthenticated',
  },
  'a suspended tenant': {
    sql: `update tenants set state = 'suspended' where id = $1 and $2::uuid is not null`,
    left: 'unauthenticated',
  },
  'a tenant that is being deleted': {
    sql: `update tenants set state = 'deleting' where id = $1 and $2::uuid is not null`,
    left: 'unauthenticated',
  },
  'an ended session': {
    sql: `update users set session_version = session_version + 1
          where id = $2 and $1::uuid is not null`,
    left: 'unauthenticated',
  },
  'a changed role': {
    sql: `update memberships set role = 'viewer' where tenant_id = $1 and user_id = $2`,
    left: 'as a viewer',
  },
} as const;

for (const [what, { sql, left }] of Object.entries(changes)) {
  test(`the session of ${what} is worth nothing more with the next request`, async ({
    cast,
    report,
  }) => {
    const tenant: Tenant = await makeTenant(cast, `stale${crypto.randomUUID().slice(0, 8)}`);
    const { owner } = tenant.members;
    const endpoints = readable('tenant');
    const verdicts = () =>
      each(endpoints, async (endpoint) =>
        verdictOf(endpoint, await read(cast, owner, endpoint, tenant.world)),
      );
    const before = await verdicts();
    expect(before.filter((verdict) => verdict === 'ok').length).toBeGreaterThan(20);
    await cast.pool.query(sql, [tenant.id, owner.facts.userId]);
    const expected = endpoints.map((endpoint, at) =>
      left === 'unauthenticated'
        ? left
        : promised(endpoint, 'viewer') === 'ok'
          ? before[at]
          : 'forbidden',
    );
    expect(await verdicts()).toEqual(expected);
    const name = 'app/(tenant)/settings/actions.ts#renameOrganisation';
    const renamed = await owner.act(name, { name: 'Taken back' });
    expect(renamed.body).toContain(left === 'unauthenticated' ? left : 'forbidden');
    report({
      attack: `app: stale membership claims: ${what}`,
      cases: endpoints.length * 2 + 1,
      tried: `An owner’s session was used on every page and route before and after the change (${what}).`,
    });
  });
}
