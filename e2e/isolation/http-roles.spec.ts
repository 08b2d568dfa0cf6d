import { type ListedEndpoint, listed, nameOf } from '../support/endpoints';
import { idsOf } from '../support/endpoints/ids';
import type { Caller } from '../support/isolation/caller';
import { type Cast, makeTenant, nameAgain } from '../support/isolation/cast';
import { deniedTo } from '../support/isolation/denials';
import { fingerprint } from '../support/isolation/fingerprint';
import { expect, test } from '../support/isolation/fixtures';
import { call, each, idIn, promised, verdictOf } from '../support/isolation/walk';

/** What a role may, asked of the server directly; endpoints that take ids are walked with them. */

test.setTimeout(480_000);

/** Those that the walk of ids does not come by, and that say who they are for. */
const without = () =>
  listed().endpoints.filter((one) => one.audience !== 'public' && idsOf(one).length === 0);

const everybody = (cast: Cast): readonly Caller[] => [
  ...Object.values(cast.attacker.members),
  ...Object.values(cast.others),
];

/**
 * A consent that nobody began leads to a page that says so; whoever is held up by a limit, or by
 * a change made at the same time, may do it, only not as often as all these tests do.
 */
function verdict(endpoint: ListedEndpoint, answer: Parameters<typeof verdictOf>[1]) {
  if (answer.status === 303) return 'ok';
  const got = verdictOf(endpoint, answer);
  // Asked for a code, which nobody here has: it is theirs to do.
  if (endpoint.audience === 'tenant' && got === 'second_factor_required') return 'ok';
  return got === 'rate_limited' || got === 'conflict' ? 'ok' : got;
}

test('everybody may what an endpoint’s declaration says, and nothing else', async ({
  cast,
  report,
}) => {
  const { attacker, victim, outbox } = cast;
  await nameAgain(cast, attacker);
  const before = await fingerprint(cast, victim);
  const cases = without().flatMap((endpoint) =>
    everybody(cast).map((caller) => ({ endpoint, caller })),
  );
  const denied = new Map<Caller, number>();
  for (const caller of Object.values(attacker.members)) {
    denied.set(caller, (await deniedTo(cast, caller)).byReason.forbidden ?? 0);
  }
  const wrong = await each(cases, async ({ endpoint, caller }) => {
    const { world } = attacker;
    const id = (kind: string) => idIn(world, kind, outbox);
    const answer = await call(caller, endpoint, { world, id });
    const [got, expected] = [verdict(endpoint, answer), promised(endpoint, caller.name)];
    const known = denied.get(caller);
    if (got === 'forbidden' && known !== undefined) denied.set(caller, known + 1);
    return got === expected ? [] : [`${caller.name} ${nameOf(endpoint)}: ${got}, not ${expected}`];
  });
  expect(wrong.flat()).toEqual([]);
  for (const [caller, times] of denied) {
    const now = async () => (await deniedTo(cast, caller)).byReason.forbidden ?? 0;
    await expect.poll(now, `denials to ${caller.name}`).toBe(times);
  }
  expect(await fingerprint(cast, victim)).toEqual(before);
  report({
    attack: 'app: roles',
    cases: cases.length,
    tried:
      'Every endpoint without ids was asked by four roles, two kinds of staff, somebody without organisation and nobody: each got what the declaration promises, and a refusal to a member left one denial.',
  });
});

test('an admin gives and takes no ownership', async ({ cast, report }) => {
  const { pool } = cast;
  const tenant = await makeTenant(cast, `ranks${crypto.randomUUID().slice(0, 8)}`);
  const { owner, admin, viewer } = tenant.members;
  const memberIds = new Map<string | null, string>();
  const { rows } = await pool.query<{ id: string; user_id: string }>(
    'select id, user_id from memberships where tenant_id = $1',
    [tenant.id],
  );
  for (const { id, user_id } of rows) memberIds.set(user_id, id);
  const memberId = ({ facts }: Caller) => memberIds.get(facts.userId);
  const before = await fingerprint(cast, tenant);
  const actions = 'app/(tenant)/members/actions.ts';
  const tries = [
    ['invite', { email: `x@${tenant.mark}.example`, role: 'owner' }],
    ['changeMemberRole', { memberId: memberId(admin), role: 'owner' }],
    ['changeMemberRole', { memberId: memberId(viewer), role: 'owner' }],
    ['changeMemberRole', { memberId: memberId(owner), role: 'viewer' }],
    ['removeFromOrganisation', { memberId: memberId(owner), typed: owner.facts.email }],
  ] as const;
  for (const [action, input] of tries) {
    const answer = await admin.act(`${actions}#${action}`, input);
    expect(answer.body, `${action} ${JSON.stringify(input)}`).toContain('"ok":false');
  }
  expect(await fingerprint(cast, tenant)).toEqual(before);
  report({
    attack: 'app: an admin who would be an owner',
    cases: tries.length,
    tried:
      'An admin invited an owner, made themselves and a viewer one, and lowered and removed the owner.',
  });
});
