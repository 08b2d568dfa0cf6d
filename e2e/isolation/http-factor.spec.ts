import { ask } from '../support/isolation/ask';
import { Caller, outcomeOf } from '../support/isolation/caller';
import { expect, test } from '../support/isolation/fixtures';
import { read, readable } from '../support/isolation/reading';
import { sessionCookie } from '../support/isolation/token';

/** A password alone opens neither the console nor an organisation to somebody with a second factor. */

test.setTimeout(480_000);

const day = 24 * 60 * 60;
const now = () => Math.floor(Date.now() / 1_000);

test('staff without their second factor are shown nothing of the console', async ({
  cast,
  report,
}) => {
  const { server, victim, others, seal } = cast;
  const { facts } = others.platform_admin;
  const userId = facts.userId ?? '';
  const staff = { userId, tenantId: null, role: null, staff: true } as const;
  const sessions = {
    none: staff,
    'waiting for one': { ...staff, secondFactorDue: true },
    'one of yesterday': { ...staff, secondFactorAt: now() - day },
  } as const;
  const places = readable('staff');
  for (const [which, claims] of Object.entries(sessions)) {
    const caller = new Caller(server, { ...facts, session: await seal(claims) });
    for (const endpoint of places) {
      const { status, headers, body } = await read(cast, caller, endpoint, victim.world);
      const at = `${which}: ${endpoint.file} ${status}`;
      if (endpoint.form === 'page') {
        expect(status, at).toBe(307);
        expect(headers.location, at).toMatch(/^\/second-factor\?next=%2Fadmin/);
      } else {
        expect(status, at).toBe(403);
        expect(body, at).toContain('second_factor_required');
      }
      expect(body, at).not.toContain(victim.mark);
    }
    const looked = await caller.act('app/admin/doctor/actions.ts#checkDoors', {});
    expect(outcomeOf(looked), which).toBe('second_factor_required');
  }
  report({
    attack: 'app: support sessions: without a second factor',
    cases: 3 * (places.length + 1),
    tried:
      'Every page, endpoint and an action of the console were asked with a session of staff that had proved no second factor, was still to prove it, or had proved it a day ago: nothing was shown, and nobody else learnt that there is a console.',
  });
});

test('a member whose second factor is still to be proved is nobody', async ({ cast, report }) => {
  const { server, attacker, seal } = cast;
  const { facts } = attacker.members.owner;
  const claims = { userId: facts.userId ?? '', tenantId: attacker.id, role: 'owner' } as const;
  const session = await seal({ ...claims, secondFactorDue: true });
  const headers = { cookie: `${sessionCookie}=${session}` };
  for (const place of ['/api/audit', '/api/runs', '/api/access-log']) {
    expect((await ask(server, place, { headers })).status, place).toBe(401);
  }
  for (const place of ['/overview', '/settings', '/account']) {
    const answer = await ask(server, place, { headers });
    expect(answer.headers.location, place).toMatch(/^\/sign-in\?next=/);
  }
  expect((await ask(server, '/sign-in?next=%2Fruns', { headers })).headers.location).toBe(
    '/second-factor?next=%2Fruns',
  );
  const caller = new Caller(server, { ...facts, session });
  const rename = 'app/(tenant)/settings/actions.ts#renameOrganisation';
  expect(outcomeOf(await caller.act(rename, { name: 'Taken over' }))).toBe('unauthenticated');
  report({
    attack: 'app: stale membership claims: before the second factor',
    cases: 8,
    tried:
      'Pages, endpoints and an action of an organisation were asked with an owner’s session that waits for a code: each answered as to nobody, and the sign-in led to the code.',
  });
});
