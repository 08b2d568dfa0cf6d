import type { Page } from '@playwright/test';
import { answerConsent } from '@/emulators/testing';
import { type ConnectionView, consentOutcomes } from '@/lib/connections/contract';
import { connectGoogle, discovered, findsOut } from './support/connect';
import { sql } from './support/database';
import { alive, expect, people, test } from './support/fixtures';
import { newAddress, signUp } from './support/people';

/** Consents that are refused, forged, late or badly answered, and providers in trouble. */

test.setTimeout(240_000);
const patience = { timeout: 90_000 };

const [, fabrikam] = people.tenants;
const account = 'leo@tailspin.example';
/** Nobody else's in these tests: what another test left to be discovered would take its faults. */
const troubled = 'ines@tailspin.example';

const main = (page: Page) => page.getByRole('main');

/** Sign up an organisation that nothing is connected to. */
async function newcomer(page: Page, organisation: string): Promise<string> {
  const email = newAddress('kim');
  await signUp(page, { organisation, name: 'Kim Doe', email });
  return email;
}

/** Up to the provider's page. */
async function leaveForConsent(page: Page): Promise<void> {
  await page.goto('/connections');
  await page.getByRole('button', { name: 'Connect an account' }).click();
  await page.getByRole('radio', { name: 'Google Workspace' }).check();
  await page.getByRole('button', { name: 'Go on to Google Workspace' }).click();
  await expect(page.getByRole('heading', { name: 'Choose an account' })).toBeVisible();
}

/** Give consent, but keep the browser from coming back: where it would have been led. */
async function catchCallback(page: Page): Promise<string> {
  await leaveForConsent(page);
  return (await answerConsent(page.url(), { email: account })).href;
}

/** What is connected and how; not what its own work changes by the minute. */
async function connectionsOf(page: Page) {
  const answer = await page.request.get('/api/connections');
  const all = (await answer.json()) as readonly ConnectionView[];
  return all.map(({ id, provider, authority, accountEmail, organization, scopes, createdAt }) => ({
    ...{ id, provider, authority, accountEmail, organization, scopes, createdAt },
  }));
}

/** The words for how a consent ended. */
const told = (page: Page, outcome: keyof typeof consentOutcomes) =>
  main(page).getByText(consentOutcomes[outcome].message);

/** Give consent on the provider's page, and see that it works. */
async function consent(page: Page): Promise<void> {
  await page.getByRole('button', { name: new RegExp(account) }).click();
  await expect(told(page, 'connected')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(account);
}

test.describe('consent', () => {
  test('that is refused at the provider changes nothing and can be given later', async ({
    page,
  }) => {
    await newcomer(page, 'Second Thoughts');
    await leaveForConsent(page);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect(told(page, 'denied')).toBeVisible();
    await alive(page);
    await page.getByRole('button', { name: 'Give consent' }).click();
    await consent(page);
  });

  test('with a permission left out says which, and asks for it again', async ({ page }) => {
    await newcomer(page, 'Half Measures');
    await leaveForConsent(page);
    await page.getByRole('checkbox', { name: /mail/i }).first().uncheck();
    await page.getByRole('button', { name: new RegExp(account) }).click();
    await expect(told(page, 'scopes_missing')).toBeVisible();
    await expect(main(page).getByText('Needs more access').first()).toBeVisible();
    // What is optional was not asked for.
    const needed = main(page).getByRole('listitem').filter({ hasNotText: '· optional' });
    const missing = needed.getByRole('img', { name: 'Not given' });
    await expect(missing).toHaveCount(1);
    await alive(page);
    await page.getByRole('button', { name: 'Connect again' }).click();
    await consent(page);
    await expect(missing).toHaveCount(0);
  });

  test('of somebody else is not taken, and the denial is on record', async ({
    page,
    visit,
    server,
  }) => {
    await newcomer(page, 'Rightful Owner');
    const callback = await catchCallback(page);
    const thief = await visit(fabrikam?.owner.email);
    const before = await connectionsOf(thief);
    await thief.goto(callback);
    await expect(told(thief, 'foreign')).toBeVisible();
    expect(await connectionsOf(thief)).toEqual(before);
    const denials = async () => {
      const [row] = await sql<{ n: number }>(
        server,
        `select count(*)::int as n from tenant_access_logs l join users u on u.id = l.user_id
         where l.reason = 'consent_state' and u.email = $1`,
        [fabrikam?.owner.email],
      );
      return row?.n;
    };
    await expect.poll(denials).toBe(1);
    await test.step('whose it is can still use it, once', async () => {
      await page.goto(callback);
      await expect(told(page, 'connected')).toBeVisible();
      await page.goto(callback);
      await expect(told(page, 'reused')).toBeVisible();
      await expect(main(page).getByText('Active', { exact: true })).toBeVisible(patience);
    });
  });

  test('whose state is invented or too old is not taken', async ({ page, server }) => {
    await newcomer(page, 'Slow Reader');
    for (const answer of ['?state=invented&code=4/0abc', '']) {
      await page.goto(`/api/connections/google/callback${answer}`);
      await expect(told(page, 'foreign')).toBeVisible();
    }
    const callback = await catchCallback(page);
    await sql(
      server,
      `update consent_requests r set expires_at = now() - interval '1 second'
       from tenants t where t.id = r.tenant_id and t.name = 'Slow Reader'`,
    );
    await page.goto(callback);
    await expect(told(page, 'expired')).toBeVisible();
    await page.getByRole('button', { name: 'Give consent' }).click();
    await consent(page);
  });

  for (const [what, fault] of [
    ['an error', { status: 500, body: { error: 'internal_failure' } }],
    ['garbage', { status: 200, body: '<html>We will be right back</html>' }],
    ['nothing', { reset: true }],
  ] as const) {
    test(`that the provider answers with ${what} loses nothing`, async ({ page, google }) => {
      await newcomer(page, `Answered by ${what}`);
      await leaveForConsent(page);
      await google.fault({ path: '/token', ...fault });
      await page.getByRole('button', { name: new RegExp(account) }).click();
      await expect(told(page, 'provider_failed')).toBeVisible(patience);
      await google.clearFaults();
      await alive(page);
      await page.getByRole('button', { name: 'Give consent' }).click();
      await consent(page);
    });
  }
});

test.describe('a provider in trouble', () => {
  test('does not stop a discovery for good, and the page says what is the matter', async ({
    page,
    google,
  }) => {
    await newcomer(page, 'Patient Harbour');
    await google.fault(
      {
        ...{ account: troubled, path: '/drive/v3/files', times: 1 },
        ...{ status: 200, body: '<html>Oops</html>' },
      },
      {
        ...{ account: troubled, path: '/calendar/*', times: 2 },
        ...{ status: 500, body: { error: { code: 500 } } },
      },
    );
    await connectGoogle(page, troubled);
    await discovered(page);
    expect(await google.fired()).toEqual([1, 2]);
    await expect(page.getByRole('link', { name: /^Files/ })).toBeVisible();
    await expect(page.getByRole('link', { name: /^Calendars/ })).toBeVisible();
    await expect(main(page).getByText('Provider fault · 500').first()).toBeVisible();
  });

  test('that takes back its consent leads to giving it again', async ({ page, google }) => {
    await newcomer(page, 'Locked Out');
    await connectGoogle(page, account);
    await discovered(page);
    const connection = new URL(page.url()).pathname;
    await google.revoke(account);
    await findsOut(page, 'Needs reconsent');
    await page.goto('/overview');
    await main(page).getByRole('link', { name: 'Put it right' }).click();
    await expect(page).toHaveURL(connection);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(account);
    await page.getByRole('button', { name: 'Connect again' }).click();
    await consent(page);
    expect(new URL(page.url()).pathname).toBe(connection);
    await expect(main(page).getByText('Active', { exact: true })).toBeVisible(patience);
  });
});
