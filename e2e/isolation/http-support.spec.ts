import { can, mendingPermissions } from '@/lib/tenancy/contract';
import { type ListedEndpoint, listed, nameOf } from '../support/endpoints';
import { Caller } from '../support/isolation/caller';
import { type Cast, makeTenant, type Tenant } from '../support/isolation/cast';
import { deniedTo } from '../support/isolation/denials';
import { fingerprint } from '../support/isolation/fingerprint';
import { expect, test } from '../support/isolation/fixtures';
import { read, readable } from '../support/isolation/reading';
import { plantSupport, sealedSupport } from '../support/isolation/support-session';
import { call, each, idIn, verdictOf } from '../support/isolation/walk';

/** Staff in a support session: what they see, that they touch nothing, and that all is on record. */

test.setTimeout(480_000);

const fresh = (cast: Cast) => makeTenant(cast, `helped${crypto.randomUUID().slice(0, 8)}`);

type TenantEndpoint = ListedEndpoint & { readonly audience: 'tenant' };
const isTenants = (one: ListedEndpoint): one is TenantEndpoint => one.audience === 'tenant';

/** Everything that is not only read. */
const changing = () =>
  listed()
    .endpoints.filter(isTenants)
    .filter((one) => one.form === 'action' || (one.form === 'route' && one.export !== 'GET'));
const shown = () => readable('tenant').filter(isTenants);

function ask(cast: Cast, caller: Caller, endpoint: ListedEndpoint, { world }: Tenant) {
  return call(caller, endpoint, { world, id: (kind) => idIn(world, kind, cast.outbox) });
}

/**
 * What is a tenant's own; the record, and what a session has been shown, grow as they should, and the
 * first event that is sealed makes the tenant its key.
 */
async function untouched(cast: Cast, tenant: Tenant) {
  const { audit_events, support_views, tenant_keys, ...rest } = await fingerprint(cast, tenant);
  return rest;
}

const events = async ({ pool }: Cast, { id }: Tenant, action: string) =>
  (
    await pool.query<{ actor_type: string; actor_id: string; target_id: string }>(
      'select actor_type, actor_id, target_id from audit_events where tenant_id = $1 and action = $2',
      [id, action],
    )
  ).rows;

test('a support session shows what its role may see, and each look is one event', async ({
  cast,
  report,
}) => {
  const tenant = await fresh(cast);
  const { owner } = tenant.members;
  const { caller, claims } = await plantSupport(cast, tenant);
  const endpoints = shown();
  let refused = 0;
  const answered: string[] = [];
  const wrong = await each(endpoints, async (endpoint) => {
    const own = verdictOf(endpoint, await read(cast, owner, endpoint, tenant.world));
    const got = verdictOf(endpoint, await read(cast, caller, endpoint, tenant.world));
    const may = can('support', endpoint.permission);
    if (may) answered.push(nameOf(endpoint));
    else refused += 1;
    const expected = may ? own : 'forbidden';
    return got === expected ? [] : [`${nameOf(endpoint)}: ${got}, not ${expected}`];
  });
  expect(wrong.flat()).toEqual([]);
  const seen = await events(cast, tenant, 'support.viewed');
  expect(seen).toHaveLength(answered.length);
  expect(new Set(seen.map(({ actor_type, actor_id }) => `${actor_type} ${actor_id}`))).toEqual(
    new Set([`staff ${claims.userId}`]),
  );
  // Nothing that reveals what a tenant holds, and nothing to take away.
  const hidden =
    /^\/(?:resources|reports|audit|trust|access-log)|contents|steps|changes|csv|rows|export|resources|reports/;
  expect(answered.filter((name) => hidden.test(name))).toEqual([]);
  await expect.poll(async () => (await deniedTo(cast, caller)).byReason.forbidden).toBe(refused);
  report({
    attack: 'app: support sessions: what is shown',
    cases: endpoints.length * 2,
    tried:
      'Every page and route of the workspace was asked for in a support session: those with content or secrets were refused, the others were each one event on the customer’s record.',
  });
});

test('a support session changes nothing, whatever is called', async ({ cast, report }) => {
  const tenant = await fresh(cast);
  const { caller } = await plantSupport(cast, tenant);
  const before = await untouched(cast, tenant);
  const endpoints = changing();
  const wrong = await each(endpoints, async (endpoint) => {
    const got = verdictOf(endpoint, await ask(cast, caller, endpoint, tenant));
    return got === 'forbidden' ? [] : [`${nameOf(endpoint)}: ${got}`];
  });
  expect(wrong.flat()).toEqual([]);
  expect(endpoints.length).toBeGreaterThan(20);
  expect(await untouched(cast, tenant)).toEqual(before);
  await expect
    .poll(async () => (await deniedTo(cast, caller)).byReason.forbidden)
    .toBe(endpoints.length);
  report({
    attack: 'app: support sessions: changes',
    cases: endpoints.length,
    tried:
      'Every action and every route that changes something was called in a support session: each was refused by permission, and each refusal is on record.',
  });
});

test('with a second approval it mends, and does nothing else', async ({ cast, report }) => {
  const tenant = await fresh(cast);
  const { caller } = await plantSupport(cast, tenant, { mends: true });
  const endpoints = changing();
  const verdicts = await each(endpoints, async (endpoint) => ({
    name: nameOf(endpoint),
    mends: mendingPermissions.includes(endpoint.permission),
    verdict: verdictOf(endpoint, await ask(cast, caller, endpoint, tenant)),
  }));
  expect(
    verdicts
      .filter(({ mends }) => mends)
      .map(({ name }) => name)
      .sort(),
  ).toEqual([
    'app/(tenant)/automations/actions.ts#enable',
    'app/(tenant)/connections/actions.ts#discover',
    'app/(tenant)/runs/actions.ts#cancel',
    'app/(tenant)/runs/actions.ts#rerun',
  ]);
  expect(verdicts.filter(({ mends, verdict }) => mends === (verdict === 'forbidden'))).toEqual([]);
  report({
    attack: 'app: support sessions: mending',
    cases: endpoints.length,
    tried:
      'Every action and route was called in a support session that may mend: four did, and the others were refused.',
  });
});

test('a support session in one tenant gives nothing of another', async ({ cast, report }) => {
  const { victim } = cast;
  const { caller } = await plantSupport(cast, await fresh(cast));
  const before = await fingerprint(cast, victim);
  const withIds = shown().filter((one) => /\[/.test(nameOf(one)));
  const wrong = await each(withIds, async (endpoint) => {
    const got = verdictOf(endpoint, await read(cast, caller, endpoint, victim.world));
    const expected = can('support', endpoint.permission) ? 'not_found' : 'forbidden';
    return got === expected ? [] : [`${nameOf(endpoint)}: ${got}`];
  });
  expect(wrong.flat()).toEqual([]);
  const claimed = await caller.ask('/api/runs', { headers: { 'x-tenant-id': victim.id } });
  expect(claimed.status).toBe(404);
  expect(await fingerprint(cast, victim)).toEqual(before);
  report({
    attack: 'app: support sessions: another tenant',
    cases: withIds.length + 1,
    tried:
      'In a support session of one tenant, everything was asked for with the ids of another, and its header was sent.',
  });
});

test('a support session that does not hold is worth nothing', async ({ cast, report }) => {
  const { victim, attacker, pool, server, watch } = cast;
  // All of them have one door: a few of each kind, for each kind of session that does not hold.
  const endpoints = shown().filter((_one, at) => at % 6 === 0);
  const nothingOf = async (caller: Caller, what: string) => {
    const verdicts = await each(endpoints, async (endpoint) => {
      const answer = await read(cast, caller, endpoint, victim.world);
      const got = verdictOf(endpoint, answer);
      return got === 'unauthenticated' ? [] : [`${what} ${nameOf(endpoint)}: ${got}`];
    });
    expect(verdicts.flat(), what).toEqual([]);
  };
  const changes = {
    ended: `update support_sessions set ended_at = now(), ending = 'stopped' where id = $1`,
    'out of time': 'update support_sessions set ends_at = now() where id = $1',
    'of somebody who is staff no more':
      'delete from staff where user_id = (select user_id from support_sessions where id = $1)',
    'of somebody with another role': `update staff set role = 'platform_admin'
        where user_id = (select user_id from support_sessions where id = $1)`,
    'of somebody who was signed out': `update users set session_version = 2
        where id = (select user_id from support_sessions where id = $1)`,
  };
  for (const [what, sql] of Object.entries(changes)) {
    const { caller, claims } = await plantSupport(cast, victim);
    await pool.query(sql, [claims.sessionId]);
    await nothingOf(caller, what);
  }
  const { caller, claims } = await plantSupport(cast, victim);
  const elsewhere = await plantSupport(cast, attacker);
  const forged = {
    'another tenant': sealedSupport(cast, { ...elsewhere.claims, tenantId: victim.id }),
    'another’s session': sealedSupport(cast, {
      ...elsewhere.claims,
      ...{ sessionId: claims.sessionId, tenantId: victim.id },
    }),
    'no session': sealedSupport(cast, { ...elsewhere.claims, sessionId: crypto.randomUUID() }),
  };
  for (const [what, support] of Object.entries(forged)) {
    await nothingOf(
      new Caller(server, { ...elsewhere.caller.facts, support: await support }, watch),
      what,
    );
  }
  const unopened = {
    'another key': await sealedSupport(cast, claims, { secret: 'a secret of somebody else' }),
    'a session’s token': caller.facts.session ?? '',
    'a later version': await sealedSupport(cast, { ...claims, sessionVersion: 2 }),
    text: 'support',
  };
  for (const [what, support] of Object.entries(unopened)) {
    await nothingOf(new Caller(server, { ...caller.facts, support }, watch), what);
  }
  report({
    attack: 'app: support sessions that do not hold',
    cases:
      endpoints.length *
      (Object.keys(changes).length + Object.keys(forged).length + Object.keys(unopened).length),
    tried:
      'Ended, late, foreign and forged support sessions, and those of staff who were removed, changed or signed out, were tried on every sixth page and route: none opened anything.',
  });
});

test('the claim of a support session serves nobody but its person', async ({ cast, report }) => {
  const { victim, attacker, others, server, watch } = cast;
  const { caller } = await plantSupport(cast, victim);
  const { support } = caller.facts;
  if (!support) throw new Error('no claim');
  const thieves = [attacker.members.owner, others.support, others.outsider, others.nobody];
  const endpoints = shown().filter((_one, at) => at % 3 === 0);
  for (const thief of thieves) {
    const plain = new Caller(server, thief.facts, watch);
    const armed = new Caller(server, { ...thief.facts, support }, watch);
    const wrong = await each(endpoints, async (endpoint) => {
      const [without, with_] = [
        verdictOf(endpoint, await read(cast, plain, endpoint, victim.world)),
        verdictOf(endpoint, await read(cast, armed, endpoint, victim.world)),
      ];
      return without === with_ ? [] : [`${thief.name} ${nameOf(endpoint)}: ${with_}`];
    });
    expect(wrong.flat()).toEqual([]);
  }
  report({
    attack: 'app: a support session’s cookie in another browser',
    cases: thieves.length * endpoints.length * 2,
    tried:
      'The cookie of a support session was sent along with the sessions of an owner elsewhere, of other staff, of an outsider and of nobody: nothing changed for them.',
  });
});
