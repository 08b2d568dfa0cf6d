import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures';
import { newAddress, signUp } from './support/people';
import { Slack, signed } from './support/slack';

/** What providers tell by themselves arrives, and nobody else can tell it. */

test.setTimeout(240_000);
const patience = { timeout: 90_000 };

const main = (page: Page) => page.getByRole('main');

/** Add the app to a workspace on Slack's page; ends on the connection. */
async function connectSlack(page: Page, workspace: string): Promise<void> {
  await page.goto('/connections');
  await page.getByRole('button', { name: 'Connect an account' }).click();
  await page.getByRole('radio', { name: 'Slack' }).check();
  await page.getByRole('button', { name: 'Go on to Slack' }).click();
  await allow(page, workspace);
  await expect(page).toHaveURL(/\/connections\/[0-9a-f-]{36}/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(workspace);
}

async function allow(page: Page, workspace: string): Promise<void> {
  await expect(page.getByRole('heading', { name: /is requesting permission/ })).toBeVisible();
  await page.getByRole('button', { name: `Allow in ${workspace}` }).click();
}

/** The page says so; it is looked at again until it does, as a person does who then presses something. */
const says = (page: Page, words: string) =>
  expect(async () => {
    await page.goto(page.url());
    await expect(main(page).getByText(words).first()).toBeVisible({ timeout: 2_000 });
  }).toPass(patience);

test('uninstalled in Slack: the connection’s page says so, and one button brings it back', async ({
  page,
  server,
}) => {
  const slack = new Slack(server);
  const email = newAddress('kim');
  await signUp(page, { organisation: 'Slack Leavers', name: 'Kim Doe', email });
  await connectSlack(page, 'Fabrikam');
  const connection = page.url().split('?')[0] ?? '';
  const earlier = (await slack.deliveries()).length;
  await slack.act('uninstall', 'fabrikam');
  await says(page, 'Somebody removed Tenantry from the workspace in Slack');
  await expect(main(page).getByText('Disconnected').first()).toBeVisible();
  // Slack waits three seconds for an answer, and then asks again: until then, or after, there is none.
  const answers = async (about: string) =>
    (await slack.deliveries())
      .slice(earlier)
      .flatMap(({ type, status }) => (type === about && status !== null ? [status] : []));
  for (const event of ['tokens_revoked', 'app_uninstalled']) {
    await expect.poll(() => answers(event), event).not.toEqual([]);
    expect(new Set(await answers(event)), event).toEqual(new Set([200]));
  }

  await page.getByRole('button', { name: 'Connect again' }).click();
  await allow(page, 'Fabrikam');
  await expect(page).toHaveURL(new RegExp(connection));
  await expect(main(page).getByText('Active').first()).toBeVisible(patience);
});

test('tokens revoked in Slack: the connection needs consent again', async ({ page, server }) => {
  const email = newAddress('kim');
  await signUp(page, { organisation: 'Slack Revokers', name: 'Kim Doe', email });
  await connectSlack(page, 'Northwind Traders');
  await new Slack(server).act('revoke', 'northwind');
  await says(page, 'Needs reconsent');
});

test('what Slack did not sign, signed long ago or sent before is refused', async ({ server }) => {
  const now = Math.floor(Date.now() / 1_000);
  const body = JSON.stringify({
    type: 'event_callback',
    team_id: 'T0NOBODY',
    event_id: `Ev${now}`,
    event: { type: 'app_uninstalled' },
  });
  const send = async (headers: Record<string, string>, text = body) => {
    const address = new URL('/api/webhooks/slack', server.url);
    return (await fetch(address, { method: 'POST', headers, body: text })).status;
  };
  expect(await send({})).toBe(401);
  expect(await send(signed(body, now, 'guessed'))).toBe(401);
  expect(await send(signed(body, now), `${body} `)).toBe(401);
  expect(await send(signed(body, now - 400))).toBe(401);
  expect(await send(signed('{}', now), '{}')).toBe(400);
  expect(await send(signed(body, now))).toBe(200);
  expect(await send(signed(body, now))).toBe(409);
  expect(await send(signed(body, now - 1))).toBe(200);
});

test('Microsoft Graph is answered when it asks, and needs our secret to tell anything', async ({
  server,
}) => {
  const address = (query = '') => new URL(`/api/webhooks/microsoft${query}`, server.url);
  const asked = await fetch(address('?validationToken=a%20%3Cb%3E'), { method: 'POST' });
  expect(asked.status).toBe(200);
  expect(asked.headers.get('content-type')).toContain('text/plain');
  expect(await asked.text()).toBe('a <b>');
  const notice = {
    subscriptionId: '11111111-1111-4111-8111-111111111111',
    clientState: 'guessed',
    lifecycleEvent: 'subscriptionRemoved',
  };
  const told = await fetch(address(), {
    method: 'POST',
    body: JSON.stringify({ value: [notice] }),
  });
  expect(told.status).toBe(404);
});
