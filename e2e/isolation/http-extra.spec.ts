import type { Page } from '@playwright/test';
import { ask } from '../support/isolation/ask';
import { outcomeOf } from '../support/isolation/caller';
import { makeTenant, plantMember } from '../support/isolation/cast';
import { expect, test } from '../support/isolation/fixtures';
import { sessionCookie } from '../support/isolation/token';
import { newAddress, people, signUp } from '../support/people';

/** What single defences stand for, each by itself: the narrowest tests that there are of them. */

test('somebody who is no staff any more is refused the console, on record', async ({
  cast,
  server,
  report,
}) => {
  // Of an organisation in which nothing else was refused this minute: beyond so many, rows are summed.
  const { id, mark } = await makeTenant(cast, `former${crypto.randomUUID().slice(0, 8)}`);
  // Whose refusals of this minute are nobody else's: those of one person and place are one row.
  const former = await plantMember(cast, id, mark, 'owner');
  const userId = former.facts.userId ?? '';
  // Sealed while they were: what stands before the routes lets it through.
  const session = await cast.seal({ userId, tenantId: id, role: 'owner', staff: true });
  const places = ['/admin', '/admin/audit', '/api/admin/tenants'];
  for (const place of places) {
    const answer = await ask(server, place, { headers: { cookie: `${sessionCookie}=${session}` } });
    expect(answer.status, place).toBe(404);
    await expect
      .poll(async () => {
        const { rows } = await cast.pool.query<{ reason: string; times: number }>(
          'select reason, times from tenant_access_logs where request_id = $1 and user_id = $2',
          [answer.requestId, userId],
        );
        return rows;
      }, place)
      .toEqual([{ reason: 'not_staff', times: 1 }]);
  }
  report({
    attack: 'app: support sessions',
    cases: places.length,
    tried:
      'Pages and endpoints of the console were asked for with a session that says staff, by a member who is none: not found, and one denial on record each.',
  });
});

test('a viewer is refused what owners and admins may, and what they may is answered', async ({
  cast,
  report,
}) => {
  const { viewer, owner } = cast.attacker.members;
  const rename = 'app/(tenant)/settings/actions.ts#renameOrganisation';
  for (const place of ['/api/audit', '/audit', '/settings']) {
    expect((await viewer.ask(place)).status, place).toBe(403);
    expect((await owner.ask(place)).status, place).toBe(200);
  }
  expect(outcomeOf(await viewer.act(rename, { name: 'Taken over' }))).toBe('forbidden');
  expect((await viewer.ask('/api/runs')).status).toBe(200);
  report({
    attack: 'app: object-level authorisation',
    cases: 8,
    tried:
      'Endpoints, pages and an action that are for admins and owners were asked for by a viewer: refused, and answered to an owner.',
  });
});

test('a link to the API leads to the sign-in without a session, and hands on nothing of its address', async ({
  server,
  report,
}) => {
  const places = ['/api/connections/google/callback?code=4%2F0secret&state=secret', '/api/runs'];
  for (const place of places) {
    const followed = await ask(server, place, { headers: { 'sec-fetch-mode': 'navigate' } });
    expect(followed).toMatchObject({ status: 303, body: '' });
    expect(followed.headers).toMatchObject({ location: '/sign-in', 'cache-control': 'no-store' });
    const asked = await ask(server, place);
    expect(asked.status).toBe(401);
    expect(asked.headers).not.toHaveProperty('location');
    expect(`${JSON.stringify(followed.headers)} ${asked.body}`).not.toContain('0secret');
  }
  report({
    attack: 'app: OAuth answers to the sign-in',
    cases: places.length * 2,
    tried:
      'A provider’s answer and an endpoint were followed as links, and asked for as a script does, without a session: the link leads to the sign-in alone, and nothing of the address goes along.',
  });
});

test('two people who ask one after the other are each answered for themselves', async ({
  cast,
  report,
}) => {
  const { attacker, victim, others } = cast;
  const places = ['/settings', '/members', '/api/audit'];
  for (const place of [...places, ...places]) {
    const mine = await attacker.members.owner.ask(place);
    expect(mine.body, place).toContain(attacker.mark);
    expect(mine.body, place).not.toContain(victim.mark);
    const theirs = await victim.members.owner.ask(place);
    expect(theirs.body, place).toContain(victim.mark);
    expect(theirs.body, place).not.toContain(attacker.mark);
    expect((await others.nobody.ask('/api/audit')).status).toBe(401);
  }
  report({
    attack: 'cache: React’s per-request cache',
    cases: places.length * 6,
    tried:
      'Owners of two tenants and nobody asked for the same pages and endpoint in turn: each was answered for themselves.',
  });
});

test('a tenant’s id among the input of an action changes nothing of that tenant', async ({
  cast,
  report,
}) => {
  const { attacker, victim, pool } = cast;
  const rename = 'app/(tenant)/settings/actions.ts#renameOrganisation';
  const named = async (id: string) =>
    (await pool.query<{ name: string }>('select name from tenants where id = $1', [id])).rows[0]
      ?.name;
  const before = await named(victim.id);
  const extras = [{ tenantId: victim.id }, { tenant_id: victim.id }, { id: victim.id }];
  for (const [at, extra] of extras.entries()) {
    const name = `${attacker.mark} renamed ${at}`;
    await attacker.members.owner.act(rename, { name, ...extra });
    expect(await named(victim.id)).toBe(before);
    expect(await named(attacker.id)).toBe(name);
  }
  report({
    attack: 'app: mass assignment',
    cases: extras.length,
    tried:
      'An owner renamed their organisation with another tenant’s id among the input: their own was renamed, the other was not.',
  });
});

/** The store of answers around the page's content, tagged or read: what React was given. */
const store = (page: Page, tag: string) =>
  page.evaluate((name) => {
    interface Store {
      setQueryData(key: readonly string[], value: string): void;
      getQueryData(key: readonly string[]): string | undefined;
    }
    interface Fiber {
      readonly return: Fiber | null;
      readonly memoizedProps: { readonly client?: Store } | null;
    }
    const kept = window as unknown as Record<string, Store | undefined>;
    const main = document.querySelector('main') as unknown as Record<string, Fiber>;
    const key = Object.keys(main).find((each) => each.startsWith('__reactFiber$')) ?? '';
    let fiber: Fiber | null = main[key] ?? null;
    while (fiber && !fiber.memoizedProps?.client) fiber = fiber.return;
    const client = fiber?.memoizedProps?.client;
    if (!client) throw new Error('There is no store around the page.');
    const earlier = kept[name];
    if (!earlier) {
      client.setQueryData(['probe'], 'of the first organisation');
      kept[name] = client;
    }
    return {
      same: earlier === client,
      now: client.getQueryData(['probe']),
      earlier: earlier?.getQueryData(['probe']),
    };
  }, tag);

test('going on to another organisation leaves nothing of the last one on the page', async ({
  page,
  report,
}) => {
  await signUp(page, { organisation: 'First Quay', name: 'Cleo Park', email: newAddress('cleo') });
  await page.goto('/sign-in/organisation');
  await page.getByLabel('Name', { exact: true }).fill('Second Quay');
  await page.getByRole('button', { name: 'Create organisation' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome to Second Quay');
  expect(await store(page, 'kept')).toMatchObject({ now: 'of the first organisation' });
  await page.getByRole('button', { name: /^Organisation: Second Quay/ }).click();
  await page.getByRole('menuitem', { name: /First Quay/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome to First Quay');
  // Without loading the page anew, or there would be nothing to show.
  expect(await store(page, 'kept')).toEqual({ same: false, now: undefined, earlier: undefined });
  report({
    attack: 'cache: TanStack on a tenant switch',
    cases: 1,
    tried:
      'Something was put into the browser’s store of answers, and the organisation switched without loading the page: the store is another one, and the earlier one is empty.',
  });
});

test('a page that the browser kept to go back to is loaded anew', async ({ visit, report }) => {
  const page = await visit(people.tenants[0]?.owner.email);
  await page.goto('/members');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Members');
  // Which pages are kept is the browser's to decide: Chromium keeps none whose cookies changed.
  // Again until it is heard: the page has to be awake.
  await expect(async () => {
    const loaded = page.waitForEvent('load', { timeout: 5_000 });
    await page.evaluate(() =>
      window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
    );
    await loaded;
  }).toPass({ timeout: 40_000 });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Members');
  report({
    attack: 'cache: bfcache',
    cases: 1,
    tried:
      'A page was told that it had been kept and was shown again, as when somebody goes back after signing out: it was loaded anew.',
  });
});
