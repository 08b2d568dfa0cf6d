import type { Page } from '@playwright/test';
import { connectGoogle, discovered } from './support/connect';
import { sql } from './support/database';
import { expect, people, test } from './support/fixtures';
import { newAddress, signUp } from './support/people';
import { ended } from './support/runs';

/** What is pressed before a page is alive, or while the server is out of reach, is not lost. */

test.setTimeout(240_000);
const patience = { timeout: 90_000 };

const [northwind] = people.tenants;
const owner = northwind?.owner.email ?? '';

/** Open a page whose scripts do not arrive. @returns lets them arrive */
async function openUnalive(page: Page, path: string): Promise<() => void> {
  let arrive = () => {};
  const gate = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.route('**/_next/static/**/*.js*', async (route) => {
    await gate;
    await route.continue();
  });
  await page.goto(path, { waitUntil: 'commit' });
  return arrive;
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function automation(page: Page, name: string): Promise<string> {
  await connectGoogle(page, owner);
  await page.goto('/automations/new/external-files');
  await page.getByLabel('Name').fill(name);
  await button(page, 'Create automation').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  return new URL(page.url()).pathname;
}

async function runsOf(page: Page, path: string) {
  const answer = await page.request.get(`/api/runs?automation=${path.split('/').at(-1)}`);
  return (await answer.json()).items as readonly { dryRun: boolean }[];
}

test('a sign-in signs in, and its password stands in no address', async ({ visit }) => {
  const page = await visit();
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(request.url()));
  const arrive = await openUnalive(page, '/sign-in');
  await page.getByLabel('Email').fill(owner);
  await page.getByLabel('Password', { exact: true }).fill(people.password);
  await button(page, 'Sign in').click();
  arrive();
  await expect(page).not.toHaveURL(/\/sign-in/);
  expect(addresses.filter((url) => url.includes('password'))).toEqual([]);
});

test('a sign-in that is refused keeps what was typed', async ({ visit }) => {
  const page = await visit();
  const arrive = await openUnalive(page, '/sign-in');
  await page.getByLabel('Email').fill(owner);
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await button(page, 'Sign in').click();
  arrive();
  await expect(page.getByRole('main').getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('Email')).toHaveValue(owner);
});

test('a consent is given, by two presses as by one', async ({ page }) => {
  await signUp(page, { organisation: 'Early Yes', name: 'Kim Doe', email: newAddress('kim') });
  await page.goto('/connections');
  await button(page, 'Connect an account').click();
  await page.getByRole('radio', { name: 'Google Workspace' }).check();
  await button(page, 'Go on to Google Workspace').click();
  await button(page, 'Cancel').click();
  await expect(button(page, 'Give consent')).toBeVisible();
  const arrive = await openUnalive(page, new URL(page.url()).pathname);
  await button(page, 'Give consent').dblclick();
  arrive();
  await expect(page.getByRole('heading', { name: 'Choose an account' })).toBeVisible();
});

test('a discovery is begun', async ({ visit, server }) => {
  const page = await visit(owner);
  await connectGoogle(page, owner);
  await discovered(page);
  const path = new URL(page.url()).pathname;
  const count = async () => {
    const statement = 'select count(*)::int as n from discoveries where connection_id = $1';
    return (await sql<{ n: number }>(server, statement, [path.split('/').at(-1)]))[0]?.n ?? 0;
  };
  const before = await count();
  const arrive = await openUnalive(page, path);
  await button(page, 'Discover again').click();
  arrive();
  await expect.poll(count, patience).toBe(before + 1);
  await discovered(page);
});

test('a run pressed twice is one run', async ({ visit }) => {
  const page = await visit(owner);
  const path = await automation(page, 'Pressed early');
  const arrive = await openUnalive(page, path);
  await button(page, 'Run now').dblclick();
  arrive();
  await expect(page).toHaveURL(/\/runs\//);
  await ended(page);
  expect(await runsOf(page, path)).toMatchObject([{ dryRun: false }]);
});

test('a run is cancelled', async ({ visit, google }) => {
  const page = await visit(owner);
  const path = await automation(page, 'Cancelled early');
  // Long enough to be under way still when the press is made good, however slow the machine.
  await google.fault({ account: owner, path: '/drive/*', delay: 20_000 });
  await button(page, 'Run now').click();
  await expect(page).toHaveURL(/\/runs\//);
  const arrive = await openUnalive(page, new URL(page.url()).pathname);
  await button(page, 'Cancel').click();
  arrive();
  const cancelled = page.getByText('This run was cancelled');
  await expect(button(page, 'Stopping').or(cancelled)).toBeVisible(patience);
  await google.clearFaults();
  await expect(cancelled).toBeVisible(patience);
  expect(await runsOf(page, path)).toHaveLength(1);
});

test('without the server a button says so, and the page stays', async ({ visit, expectErrors }) => {
  expectErrors(/ERR_INTERNET_DISCONNECTED/);
  const page = await visit(owner);
  const path = await automation(page, 'Pressed in a tunnel');
  const said = page.getByText('This could not be sent.', { exact: false });
  await page.context().setOffline(true);
  await button(page, 'Dry run').click();
  await expect(said).toBeVisible();
  await page.context().setOffline(false);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Pressed in a tunnel');
  await button(page, 'Dry run').click();
  await expect(page).toHaveURL(/\/runs\//);
  await ended(page);
  expect(await runsOf(page, path)).toMatchObject([{ dryRun: true }]);
  await connectGoogle(page, owner);
  await discovered(page);
  // The page has looked again after the discovery, and is not looking any more.
  await expect(button(page, 'Discover again')).toBeEnabled();
  await page.context().setOffline(true);
  await button(page, 'Discover again').click();
  await expect(said).toBeVisible();
  await page.context().setOffline(false);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(owner);
});

test('without the server a switch goes back, and a question stays open', async ({
  visit,
  expectErrors,
}) => {
  expectErrors(/ERR_INTERNET_DISCONNECTED/);
  const page = await visit(owner);
  await automation(page, 'Switched in a tunnel');
  const said = page.getByText('This could not be sent.', { exact: false });
  const on = page.getByRole('main').getByRole('switch');
  await expect(on).toBeChecked();
  await page.context().setOffline(true);
  await on.click();
  await expect(said).toBeVisible();
  await expect(on).toBeChecked();
  await button(page, 'Remove').click();
  const question = page.getByRole('alertdialog');
  await question.getByRole('textbox').fill('Switched in a tunnel');
  await question.getByRole('button', { name: 'Remove' }).click();
  await expect(question.getByText('This could not be sent.', { exact: false })).toBeVisible();
  await page.context().setOffline(false);
  await question.getByRole('button', { name: 'Remove' }).click();
  await expect(page).toHaveURL(/\/automations$/);
});
