import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtActions } from '../support/actions';
import { type ListedEndpoint, listed, nameOf } from '../support/endpoints';
import { idsOf, isFilter } from '../support/endpoints/ids';
import { type Caller, outcomeOf } from '../support/isolation/caller';
import { type Cast, nameAgain } from '../support/isolation/cast';
import { fingerprint, rolesIn } from '../support/isolation/fingerprint';
import { expect, test } from '../support/isolation/fixtures';
import { worldFor } from '../support/isolation/ready';
import { call, each, idIn, inputFor, promised, verdictOf } from '../support/isolation/walk';
import { root } from '../support/server';

/** Server actions called past their pages, and everything that takes a body. */

test.setTimeout(480_000);

const actionsFor = (audience: ListedEndpoint['audience']) =>
  listed().endpoints.filter((one) => one.form === 'action' && one.audience === audience);

/**
 * Whether an action does its work for a caller whoever's ids it is sent, since they only narrow down
 * what is of the caller's own: what comes of that, the walk of ids has.
 */
const filtersFor = (action: ListedEndpoint, { name }: Caller) =>
  idsOf(action).every(isFilter) && promised(action, name) === 'ok';

/** Places that hold the victim's ids, as somebody would send them who knows them all. */
function stolen({ victim, outbox, spareRuns }: Cast) {
  return (kind: string) =>
    kind === 'fresh' ? (spareRuns.pop() ?? '') : idIn(victim.world, kind, outbox);
}

const bodyOf = (cast: Cast, endpoint: ListedEndpoint) =>
  inputFor(endpoint, {
    world: cast.victim.world,
    id: stolen(cast),
    place: idsOf(endpoint)[0],
  }).body;

/** Everybody of the attacker's who might try. */
const triers = ({ attacker, others }: Cast): readonly Caller[] => [
  attacker.members.owner,
  attacker.members.viewer,
  others.outsider,
  others.nobody,
];

test('an action with another tenant’s ids does nothing, at whatever page it is called', async ({
  cast,
  report,
}) => {
  const before = [await fingerprint(cast, cast.victim), await rolesIn(cast, cast.attacker)];
  // Ids that an action makes up are no ids of anybody's: the walk of ids has them.
  const actions = [...actionsFor('tenant'), ...actionsFor('staff')].filter((one) =>
    idsOf(one).some(({ kind }) => kind !== 'fresh'),
  );
  const pages = [undefined, '/', '/sign-in', '/overview', '/never', '/api/runs'];
  // At its own page by everybody; elsewhere by those who may most and least.
  const { owner } = cast.attacker.members;
  const { nobody } = cast.others;
  const cases = actions.flatMap((action) =>
    pages.flatMap((page) =>
      (page === undefined ? triers(cast) : [owner, nobody])
        .filter((caller) => !filtersFor(action, caller))
        .map((caller) => ({ action, caller, page })),
    ),
  );
  const wrong = await each(cases, async ({ action, caller, page }) => {
    const answer = await caller.actAt(page, nameOf(action), [bodyOf(cast, action)]);
    const outcome = outcomeOf(answer);
    const refused = ['not_found', 'forbidden', 'unauthenticated'].includes(outcome);
    const notThere = /^status (?:307|404|405|409)$/.test(outcome);
    return refused || notThere
      ? []
      : [`${caller.name} ${nameOf(action)} at ${page ?? 'its page'}: ${outcome}`];
  });
  expect(wrong.flat()).toEqual([]);
  expect([await fingerprint(cast, cast.victim), await rolesIn(cast, cast.attacker)]).toEqual(
    before,
  );
  report({
    attack: 'app: server-action ids',
    cases: cases.length,
    tried:
      'Every action was called with the victim’s ids by an owner, a viewer, somebody without organisation and nobody at its own page, and by an owner and nobody at five others.',
  });
});

test('an action closes over nothing, and takes no arguments but its one', async ({
  cast,
  report,
}) => {
  // What an action closed over would travel through the browser; there is none to be replayed.
  const { node } = JSON.parse(
    readFileSync(join(root, '.next/server/server-reference-manifest.json'), 'utf8'),
  ) as { node: Record<string, { exportedName: string }> };
  const names = Object.values(node).map(({ exportedName }) => exportedName);
  expect(names.filter((name) => name.startsWith('$$') || !/^[a-z]\w+$/i.test(name))).toEqual([]);
  expect(builtActions()).toHaveLength(listed().endpoints.filter((o) => o.form === 'action').length);
  const { viewer, owner } = cast.attacker.members;
  const before = await fingerprint(cast, cast.victim);
  const named = 'select name from tenants where id = $1';
  const nameNow = async () => (await cast.pool.query(named, [cast.attacker.id])).rows[0]?.name;
  const name = await nameNow();
  const rename = 'app/(tenant)/settings/actions.ts#renameOrganisation';
  const context = { tenantId: cast.victim.id, role: 'owner', userId: owner.facts.userId };
  for (const sent of [
    [{ name: 'Forged' }, context],
    [context, { name: 'Forged' }],
    [null, { name: 'Forged' }],
    [],
    [['Forged', context]],
    ['$F0', { name: 'Forged' }],
    [{ context, name: 'Forged' }],
  ]) {
    const answer = await viewer.actAt(undefined, rename, sent);
    expect(outcomeOf(answer), JSON.stringify(sent)).not.toMatch(/^ok|^to /);
  }
  expect(await fingerprint(cast, cast.victim)).toEqual(before);
  expect(await nameNow()).toBe(name);
  report({
    attack: 'app: server-action closures',
    cases: names.length + 7,
    tried:
      'No built action has bound values; a viewer called one with contexts and bound arguments of their own making.',
  });
});

/** Keys that would matter, were they believed. */
function extras({ victim }: Cast): Readonly<Record<string, unknown>> {
  const { owner } = victim.members;
  return {
    tenantId: victim.id,
    tenant_id: victim.id,
    tenant: victim.id,
    organisation: victim.id,
    role: 'owner',
    userId: owner.facts.userId,
    user_id: owner.facts.userId,
    createdBy: owner.facts.userId,
    requestedBy: owner.facts.userId,
    state: 'active',
    staff: true,
    sessionVersion: 99,
    context: { tenantId: victim.id, role: 'owner' },
    constructor: { prototype: { tenantId: victim.id, role: 'owner' } },
    prototype: { tenantId: victim.id },
  };
}

/** What is done for a fresh code alone: the owner who asks has none. */
const asksForCode = (endpoint: ListedEndpoint) =>
  endpoint.body?.required?.includes('code') === true;

test('keys that nobody asked for change nothing, in every body', async ({ cast, report }) => {
  const { attacker, victim, pool, outbox } = cast;
  const { owner } = attacker.members;
  // By another name the deletion of the organisation would be refused before anything else.
  await nameAgain(cast, attacker);
  const before = await fingerprint(cast, victim);
  const people = await pool.query('select user_id, role from staff order by user_id');
  const takers = listed().endpoints.filter(
    (one) => one.body?.properties && promised(one, 'owner') === 'ok' && one.audience === 'tenant',
  );
  const tried = Object.entries(extras(cast));
  const cases = takers.flatMap((endpoint) =>
    tried
      .filter(([key]) => !(key in (endpoint.body?.properties ?? {})))
      .map(([key, value]) => ({ endpoint, key, value })),
  );
  const wrong = await each(cases, async ({ endpoint, key, value }) => {
    const world = await worldFor(pool, endpoint, attacker);
    const id = (kind: string) => idIn(world, kind, outbox);
    const answer = await call(owner, endpoint, { world, id, extra: { [key]: value } });
    const verdict = verdictOf(endpoint, answer);
    // So many of one kind may be too many, or the same again; what came of them is looked at below.
    const came = asksForCode(endpoint)
      ? ['second_factor_required', 'rate_limited']
      : ['ok', 'invalid_input', 'rate_limited', 'conflict'];
    return came.includes(verdict) ? [] : [`${nameOf(endpoint)} with ${key}: ${verdict}`];
  });
  expect(wrong.flat()).toEqual([]);
  expect(await fingerprint(cast, victim)).toEqual(before);
  expect((await pool.query('select user_id, role from staff order by user_id')).rows).toEqual(
    people.rows,
  );
  const { rows: owners } = await pool.query<{ user_id: string }>(
    `select user_id from memberships where tenant_id = $1 and role = 'owner'`,
    [attacker.id],
  );
  expect(owners.map(({ user_id }) => user_id)).toEqual([owner.facts.userId]);
  report({
    attack: 'app: mass assignment',
    cases: cases.length,
    tried: `Each body that members send got ${tried.length} keys more (tenant_id, role, user_id …), one at a time: nothing came to the victim and nobody became more than they were.`,
  });
});

test('a polluted prototype is nobody’s context', async ({ cast, report }) => {
  const { attacker, victim, others } = cast;
  const bodies = [
    '[{"__proto__":{"tenantId":"$V","role":"owner","staff":true},"name":"Forged"}]',
    '[{"constructor":{"prototype":{"role":"owner"}},"name":"Forged"}]',
    '{"__proto__":{"role":"owner"}}',
    '["$1","$@1","$B1"]',
    '[{"then":"$1:constructor:constructor","name":"Forged"}]',
  ].map((body) => body.replace('$V', victim.id));
  const rename = builtActions().find(({ name }) => name.endsWith('#renameOrganisation'));
  for (const body of bodies) {
    await attacker.members.viewer.ask('/settings', {
      method: 'POST',
      headers: {
        accept: 'text/x-component',
        'content-type': 'text/plain;charset=UTF-8',
        'next-action': rename?.id ?? '',
      },
      body,
    });
    expect((await attacker.members.viewer.ask('/settings')).status, body).toBe(403);
    expect((await others.nobody.ask('/api/runs')).status, body).toBe(401);
    expect((await others.outsider.ask('/admin')).status, body).toBe(404);
  }
  report({
    attack: 'app: prototype pollution',
    cases: bodies.length * 3,
    tried:
      'Bodies that reach for prototypes were sent to an action; afterwards everybody was who they had been.',
  });
});

test('a form that calls an action without script is held to the same', async ({ cast, report }) => {
  const { attacker, others, victim } = cast;
  const before = await fingerprint(cast, victim);
  const actions = [...actionsFor('tenant'), ...actionsFor('staff')];
  const callers = [attacker.members.viewer, others.nobody];
  for (const action of actions) {
    const built = builtActions().find(({ name }) => name === nameOf(action));
    for (const caller of callers) {
      const boundary = 'isolation';
      const body = [
        `--${boundary}`,
        `Content-Disposition: form-data; name="$ACTION_ID_${built?.id}"`,
        '',
        '',
        ...Object.entries((bodyOf(cast, action) ?? {}) as object).flatMap(([name, value]) => [
          `--${boundary}`,
          `Content-Disposition: form-data; name="${name}"`,
          '',
          String(value),
        ]),
        `--${boundary}--`,
        '',
      ].join('\r\n');
      await caller.ask('/sign-in', {
        method: 'POST',
        headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
        body,
      });
    }
  }
  expect(await fingerprint(cast, victim)).toEqual(before);
  report({
    attack: 'app: actions as plain forms',
    cases: actions.length * callers.length,
    tried:
      'Every action was sent as a form without script, with the victim’s ids, by a viewer and by nobody: nothing of the victim’s changed.',
  });
});
