import type { Page } from '@playwright/test';
import { callAction } from './support/actions';
import { connectGoogle } from './support/connect';
import { sql } from './support/database';
import { expect, people, test } from './support/fixtures';
import { newAddress, ownPassword, signOut, signUp } from './support/people';

/** What goes wrong gets a clear word, and nothing that was there is lost. */

test.setTimeout(240_000);
const patience = { timeout: 90_000 };

const [northwind] = people.tenants;

const main = (page: Page) => page.getByRole('main');

/** Sign up an organisation that nothing is connected to. */
async function newcomer(page: Page, organisation: string): Promise<string> {
  const email = newAddress('kim');
  await signUp(page, { organisation, name: 'Kim Doe', email });
  return email;
}

test.describe('an invitation', () => {
  const members = 'app/(tenant)/members/actions.ts';

  async function invite(page: Page, email: string): Promise<string> {
    const answer = await callAction(page.request, `${members}#invite`, { email, role: 'member' });
    return (answer.result as { data: { link: string } }).data.link;
  }

  test('that is wrong, withdrawn, used or expired says so and leads on', async ({
    page,
    visit,
    server,
  }) => {
    await newcomer(page, 'Doors & Keys');
    const [withdrawn, used, late] = [newAddress('a'), newAddress('b'), newAddress('c')];
    const links = {
      withdrawn: await invite(page, withdrawn),
      used: await invite(page, used),
      late: await invite(page, late),
    };
    const [row] = await sql<{ id: string }>(server, 'select id from invitations where email = $1', [
      withdrawn,
    ]);
    await callAction(page.request, `${members}#withdrawInvitation`, { invitationId: row?.id });
    await sql(
      server,
      `update invitations set expires_at = now() - interval '1 minute' where email = $1`,
      [late],
    );
    const guest = await visit();
    await test.step('used once it works', async () => {
      await guest.goto(links.used);
      await guest.getByLabel('Your name').fill('Kit Doe');
      await guest.getByLabel('Choose a password').fill('short');
      await guest.getByRole('button', { name: 'Join' }).click();
      await expect(guest.getByLabel('Choose a password')).toHaveAccessibleDescription(
        /at least 12 characters/,
      );
      await expect(guest.getByLabel('Your name')).toHaveValue('Kit Doe');
      await guest.getByLabel('Choose a password').fill(ownPassword);
      await guest.getByRole('button', { name: 'Join' }).click();
      await expect(guest).toHaveURL('/overview');
    });
    const stranger = await visit();
    for (const [link, title] of [
      [links.used, 'This invitation has been used'],
      [links.withdrawn, 'This invitation was withdrawn'],
      [links.late, 'This invitation has expired'],
      [`${links.used.slice(0, -1)}_`, 'This invitation was not found'],
      ['/invitations/nonsense', 'This invitation was not found'],
    ] as const) {
      await stranger.goto(link);
      await expect(stranger.getByRole('heading', { level: 1 })).toHaveText(title);
      await expect(main(stranger).getByRole('link', { name: 'Sign in' })).toBeVisible();
    }
  });
});

test.describe('a form', () => {
  test('refuses a schedule that never fires, and what comes too often', async ({ visit }) => {
    const page = await visit(northwind?.owner.email);
    await connectGoogle(page, northwind?.owner.email ?? '');
    await page.goto('/automations/new/focus-block');
    await page.getByRole('radio', { name: /On a schedule/ }).check();
    await page.getByLabel('How often').selectOption('Own schedule (cron)');
    const cron = page.getByLabel('Cron expression');
    for (const [written, said] of [
      ['0 0 31 2 *', /never fires/],
      ['* * * * *', /at least 5 minutes/],
      ['0 25 * * *', /hour .*0 to 23/],
      ['every day', /five fields/],
    ] as const) {
      await cron.fill(written);
      await expect(cron).toHaveAccessibleDescription(said);
    }
    await cron.fill('0 0 31 2 *');
    await page.getByRole('button', { name: 'Create automation' }).click();
    await expect(main(page).getByRole('alert')).toContainText('marked fields');
    await expect(cron).toHaveValue('0 0 31 2 *');
    await expect(cron).toHaveAccessibleDescription(/never fires/);
  });

  test('refuses parameters of the wrong type, each at its field', async ({ visit }) => {
    const page = await visit(northwind?.owner.email);
    await connectGoogle(page, northwind?.owner.email ?? '');
    const connectionId = new URL(page.url()).pathname.split('/').at(-1);
    const create = (parameters: Record<string, unknown>) =>
      callAction(page.request, 'app/(tenant)/automations/actions.ts#create', {
        name: 'Wrong',
        connectionId,
        parameters,
        trigger: { type: 'manual' },
        template: 'focus-block',
      });
    for (const value of [{}, [], 'many', 1.5, -1, 1e9, '1e3', true]) {
      const good = { title: 'Focus', from: '09:00', minutes: 60, timeZone: 'Europe/London' };
      const { result } = await create({ ...good, minutes: value });
      expect(result, JSON.stringify(value)).toMatchObject({
        ok: false,
        error: {
          code: 'invalid_input',
          fields: { 'parameters.minutes': expect.stringContaining('whole number') },
        },
      });
    }
    const all = await create({ title: 7, from: '9 o’clock', minutes: '', timeZone: 'Mars/Base' });
    const parameters = ['title', 'from', 'minutes', 'timeZone'].map((key) => `parameters.${key}`);
    // Adding events was not allowed yet: that is asked for when it is needed.
    const fields = ['connectionId', ...parameters];
    const told = all.result?.ok === false ? all.result.error.fields : undefined;
    expect(Object.keys(told ?? {}).sort()).toEqual(fields.sort());
  });

  test('keeps what was typed when the server cannot be reached', async ({
    page,
    context,
    expectErrors,
  }) => {
    expectErrors(/ERR_INTERNET_DISCONNECTED/);
    await newcomer(page, 'Far Away');
    await page.goto('/settings');
    const name = page.getByLabel('Name of the organisation');
    await name.fill('Farther Away');
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Save name' }).click();
    await expect(main(page).getByRole('alert')).toContainText('could not be sent');
    await expect(name).toHaveValue('Farther Away');
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Save name' }).click();
    await expect(page.getByText('The organisation has its new name.')).toBeVisible();
  });

  test('signs nobody in by a wrong password, and says the same of an unknown address', async ({
    page,
  }) => {
    const said: (string | null)[] = [];
    for (const email of [northwind?.viewer.email ?? '', newAddress('nobody')]) {
      await page.goto('/sign-in');
      await page.getByLabel('Email').fill(email);
      await page.getByLabel('Password', { exact: true }).fill('not the password');
      await page.getByRole('button', { name: 'Sign in' }).click();
      const alert = main(page).getByRole('alert');
      await expect(alert).toBeVisible();
      said.push(await alert.textContent());
      await expect(page.getByLabel('Email')).toHaveValue(email);
    }
    expect(said[0]).toBe(said[1]);
  });
});

test('a run that is asked for twice by a double click is one run', async ({ visit }) => {
  const page = await visit(northwind?.owner.email);
  await connectGoogle(page, northwind?.owner.email ?? '');
  await page.goto('/automations/new/external-files');
  await page.getByLabel('Name').fill('Pressed twice');
  await page.getByRole('button', { name: 'Create automation' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Pressed twice');
  const automation = new URL(page.url()).pathname.split('/').at(-1);
  await page.getByRole('button', { name: 'Run now' }).dblclick();
  await expect(page).toHaveURL(/\/runs\//);
  await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible(patience);
  const runs = await (await page.request.get(`/api/runs?automation=${automation}`)).json();
  expect(runs.items).toHaveLength(1);
});

test('going back after signing out shows nothing of what was private', async ({
  playwright,
  launchOptions,
  server,
  watch,
}) => {
  // Pages are kept to go back to, as people's browsers do; the tests' own is told not to.
  const keeping = ['--disable-back-forward-cache'];
  const browser = await playwright.chromium.launch({
    ...launchOptions,
    ignoreDefaultArgs: keeping,
  });
  const context = await browser.newContext({ baseURL: server.url });
  await watch(context);
  const page = await context.newPage();
  await newcomer(page, 'Closed Shop');
  await page.goto('/members');
  await expect(page.getByRole('row', { name: /Kim Doe/ })).toBeVisible();
  await signOut(page);
  await page.goBack();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByText('Kim Doe')).toHaveCount(0);
  await page.goBack();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByText('Kim Doe')).toHaveCount(0);
  await browser.close();
});

test('a tab that was left in another organisation asks before anything is done there', async ({
  page,
  context,
}) => {
  await newcomer(page, 'First Floor');
  await page.goto('/sign-in/organisation');
  await page.getByLabel('Name', { exact: true }).fill('Second Floor');
  await page.getByRole('button', { name: 'Create organisation' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome to Second Floor');
  await page.goto('/settings');
  const other = await context.newPage();
  await other.goto('/overview');
  await other.getByRole('button', { name: /^Organisation: Second Floor/ }).click();
  await other.getByRole('menuitem', { name: /First Floor/ }).click();
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Welcome to First Floor');
  const question = page.getByRole('alertdialog', { name: 'You are in First Floor now' });
  await expect(question).toBeVisible();
  await question.getByRole('button', { name: 'Back to Second Floor' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome to Second Floor');
  const answer = other.getByRole('alertdialog', { name: 'You are in Second Floor now' });
  await answer.getByRole('button', { name: 'Go on to Second Floor' }).click();
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Welcome to Second Floor');
  await expect(question).toBeHidden();
});
