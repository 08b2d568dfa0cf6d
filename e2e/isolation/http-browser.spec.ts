import type { BrowserContext, Page } from '@playwright/test';
import { v7 } from 'uuid';
import { type Cast, makeTenant, type Tenant } from '../support/isolation/cast';
import { expect, test } from '../support/isolation/fixtures';
import { sessionCookie } from '../support/isolation/token';
import { plantPerson } from '../support/isolation/world';
import { signOut } from '../support/people';
import type { TestServer } from '../support/server';

/** What a browser keeps of an organisation that one has left. */

test.setTimeout(300_000);

interface Both {
  readonly first: Tenant;
  readonly second: Tenant;
  readonly session: string;
}

/** Somebody who is an owner in two organisations, called First and Second. */
async function ownerOfTwo(cast: Cast): Promise<Both> {
  const { pool } = cast;
  const first = await makeTenant(cast, `first${crypto.randomUUID().slice(0, 8)}`);
  const second = await makeTenant(cast, `second${crypto.randomUUID().slice(0, 8)}`);
  const person = await plantPerson(pool, 'Noor Both', 'both.example');
  for (const [name, { id }] of Object.entries({ 'First Floor': first, 'Second Floor': second })) {
    // The organisation's name is in the menu of both: it is not to be taken for a leak.
    await pool.query('update tenants set name = $2 where id = $1', [id, name]);
    await pool.query(
      `insert into memberships (tenant_id, id, user_id, role) values ($1, $2, $3, 'owner')`,
      [id, v7(), person.id],
    );
  }
  const claims = { userId: person.id, tenantId: first.id, role: 'owner' };
  return { first, second, session: await cast.seal(claims) };
}

async function enter(context: BrowserContext, server: TestServer, session: string): Promise<Page> {
  await context.addCookies([{ name: sessionCookie, value: session, url: server.url }]);
  return context.newPage();
}

const places = ['Connections', 'Resources', 'Automations', 'Runs', 'Reports', 'Audit', 'Members'];

/** See every list, so that whatever keeps answers has them. */
async function seeAll(page: Page, mark: string): Promise<void> {
  for (const place of places) {
    await page
      .getByRole('navigation')
      .getByRole('link', { name: place, exact: true })
      .first()
      .click();
    await expect(page.getByRole('heading', { level: 1, name: place })).toBeVisible();
    await expect(page.getByRole('main')).toContainText(mark);
  }
}

test('changing the organisation leaves nothing of the former, offline, or going back', async ({
  cast,
  server,
  playwright,
  launchOptions,
  report,
}) => {
  const { first, second, session } = await ownerOfTwo(cast);
  // Pages are kept to go back to, as people's browsers do; the tests' own is told not to.
  const keeping = ['--disable-back-forward-cache'];
  const browser = await playwright.chromium.launch({
    ...launchOptions,
    ignoreDefaultArgs: keeping,
  });
  const context = await browser.newContext({ baseURL: server.url });
  const page = await enter(context, server, session);
  await page.goto('/overview');
  await seeAll(page, first.mark);
  // A document of its own in the history, to be kept whole.
  await page.goto('/members');
  await expect(page.getByRole('main')).toContainText(first.mark);
  await page.goto('/resources');
  await page.getByRole('button', { name: /^Organisation: First Floor/ }).click();
  await page.getByRole('menuitem', { name: /Second Floor/ }).click();
  await expect(page.getByRole('button', { name: /^Organisation: Second Floor/ })).toBeVisible();
  const seen = page.locator('body');
  await test.step('what the page’s scripts kept is not shown when they reach nobody', async () => {
    // Neither the router's store nor that of the lists may have anything of the former.
    await page.route('**/*', (route) =>
      route.request().resourceType() === 'fetch' ? route.abort() : route.continue(),
    );
    for (const place of ['Runs', 'Reports']) {
      await page
        .getByRole('navigation')
        .getByRole('link', { name: place, exact: true })
        .first()
        .click({ noWaitAfter: true });
      await expect(seen).not.toContainText(first.mark);
    }
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });
  await test.step('every list is the new one’s', async () => {
    await page.goto('/overview');
    await seeAll(page, second.mark);
    await expect(seen).not.toContainText(first.mark);
  });
  await test.step('going back shows the new one’s, or asks', async () => {
    await page.goto('/settings');
    for (let back = 0; back < 4; back += 1) {
      await page.goBack();
      await expect(page.getByRole('button', { name: /^Organisation: First Floor/ })).toHaveCount(0);
      await expect(page.locator('body')).not.toContainText(first.mark);
    }
  });
  await test.step('after signing out nothing is left', async () => {
    await page.goto('/resources');
    await expect(page.getByRole('main')).toContainText(second.mark);
    await signOut(page);
    for (let back = 0; back < 3; back += 1) {
      await page.goBack();
      await expect(page).toHaveURL(/\/sign-in/);
      await expect(page.locator('body')).not.toContainText(second.mark);
    }
    const kept = await page.evaluate(async () => ({
      local: JSON.stringify({ ...localStorage }),
      session: JSON.stringify({ ...sessionStorage }),
      caches: await caches.keys(),
      databases: (await indexedDB.databases()).map(({ name }) => name),
    }));
    for (const mark of [first.mark, second.mark]) {
      expect(JSON.stringify(kept)).not.toContain(mark);
    }
    expect(kept.caches).toEqual([]);
    expect(kept.databases).toEqual([]);
  });
  await browser.close();
  report({
    attack: 'cache: TanStack store and bfcache',
    cases: places.length * 2 + 2 + 4 + 3,
    tried:
      'Somebody in two organisations read every list, changed over, went on with its scripts cut off, went back with pages kept, and signed out.',
  });
});
