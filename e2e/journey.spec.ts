import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { consentOutcomes } from '@/lib/connections/contract';
import { connectGoogle } from './support/connect';
import { expect, test } from './support/fixtures';
import { newAddress, signUp } from './support/people';
import { ended } from './support/runs';

/** The product as somebody new meets it, from signing up to the record of what was done. */

/** Runs and discoveries take seconds; a slow machine may take a minute. */
const patience = { timeout: 60_000 };
test.setTimeout(480_000);

const account = 'mika@tailspin.example';

/** How many rows a list says that it shows. */
async function shown(page: Page): Promise<number> {
  const text = await page
    .getByRole('status')
    .filter({ hasText: /^\d+\+? / })
    .textContent();
  return Number.parseInt(text ?? '', 10);
}

const status = (page: Page, label: string) =>
  page.getByRole('main').getByText(label, { exact: true }).first();

test('from sign-up to the record of what an automation did', async ({ page, google }) => {
  await test.step('signs up and is told what to do first', async () => {
    await signUp(page, {
      organisation: 'Harbour Books',
      name: 'Ada Moreno',
      email: newAddress('ada'),
    });
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome to Harbour Books');
    const steps = page.getByRole('list', { name: 'First steps' });
    await expect(steps.getByRole('listitem')).toHaveCount(5);
    await steps.getByRole('link', { name: 'Choose what to connect' }).click();
    await expect(page).toHaveURL('/connections');
  });

  await test.step('connects Google on the provider’s page and comes back', async () => {
    // Slow enough to be watched, also where this test is slow: what comes before the files is
    // there, and they are not. Still less than a call may take.
    await google.fault({ account, path: '/drive/v3/files', delay: 15_000, times: 1 });
    await connectGoogle(page, account);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(account);
    await expect(page.getByText(consentOutcomes.connected.message)).toBeVisible();
    await expect(status(page, 'Active')).toBeVisible(patience);
    await expect(page.getByText('Read, label and send mail')).toBeVisible();
    // What only some automations take is asked for when one of them needs it.
    const left = page.getByRole('listitem').filter({
      has: page.getByRole('img', { name: 'Not given' }),
    });
    await expect(left).toHaveCount(1);
    await expect(left).toContainText('optional');
  });

  await test.step('watches the discovery that begins by itself', async () => {
    await expect(page.getByRole('progressbar', { name: 'Discovery' })).toBeVisible();
    await page.getByRole('link', { name: 'Show all' }).click();
    await expect(page).toHaveURL(/\/resources\?connection=/);
    const going = page.getByText('A discovery is going on');
    await expect(going).toBeVisible();
    const before = await shown(page);
    await expect(going).toBeHidden(patience);
    await expect.poll(() => shown(page)).toBeGreaterThan(before);
    await google.clearFaults();
  });

  await test.step('narrows the list by its address, and pages through it', async () => {
    await page.getByRole('button', { name: 'Kind' }).click();
    await page.getByRole('menuitemradio', { name: 'File', exact: true }).click();
    await expect(page).toHaveURL(/kind=file/);
    await expect(page.getByRole('status').filter({ hasText: '50+ resources' })).toBeVisible();
    await page.getByRole('button', { name: 'Load more' }).click();
    await expect(page.getByRole('status').filter({ hasText: '100+ resources' })).toBeVisible();
    await page.getByRole('searchbox').fill('zzz');
    await expect(page).toHaveURL(/q=zzz/);
    await expect(page.getByText('Nothing matches these filters')).toBeVisible();
    await page.reload();
    await expect(page.getByText('Nothing matches these filters')).toBeVisible();
    await expect(page.getByRole('searchbox')).toHaveValue('zzz');
    await page.getByRole('main').getByRole('link', { name: 'Clear filters' }).click();
    await expect(page).toHaveURL('/resources');
    await page.getByRole('row').nth(1).getByRole('link').click();
    const sheet = page.getByRole('dialog');
    await expect(sheet.getByText('Provider’s id')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(sheet).toBeHidden();
  });

  await test.step('sees what is new and what is gone after a second discovery', async () => {
    const labels = '/gmail/v1/users/me/labels';
    const { labels: found } = (await google.as(account, 'GET', labels)) as {
      labels: { id: string; name: string }[];
    };
    const travel = found.find(({ name }) => name === 'Travel');
    await google.as(account, 'DELETE', `${labels}/${travel?.id}`);
    await google.as(account, 'POST', labels, { name: 'Fresh arrivals' });
    await page.goto('/connections');
    await page.getByRole('link', { name: account }).click();
    await page.getByRole('button', { name: 'Discover again' }).click();
    await expect(page.getByText(/^1 new, \d+ changed, 1 gone/)).toBeVisible(patience);
    await page.goto('/resources?presence=gone');
    await expect(page.getByRole('row')).toHaveCount(2);
    await expect(page.getByRole('row', { name: /Travel.*Gone/ })).toBeVisible();
    await page.goto('/resources?q=Fresh');
    await expect(page.getByRole('row', { name: /Fresh arrivals/ })).toBeVisible();
  });

  await test.step('makes an automation; a wrong answer is explained and nothing is lost', async () => {
    await page.getByRole('link', { name: 'Automations', exact: true }).click();
    await page.getByRole('link', { name: 'See what can be automated' }).click();
    await expect(page.getByRole('article').getByRole('heading')).toHaveCount(9);
    await page.getByRole('link', { name: 'Label and archive newsletters' }).click();
    await page.getByLabel('Name').fill('Clear the newsletters');
    await page.getByLabel('Label', { exact: true }).fill('Reading');
    await page.getByLabel('Leave alone what is younger than').fill('soon');
    await page.getByLabel('Look through at most').fill('120');
    await page.getByRole('button', { name: 'Create automation' }).click();
    const alert = page.getByRole('main').getByRole('alert');
    await expect(alert).toContainText('Please look at the marked fields again.');
    const wrong = page.getByLabel('Leave alone what is younger than');
    await expect(wrong).toHaveAccessibleDescription(/whole number from 1 to 365/);
    await expect(wrong).toBeFocused();
    await expect(wrong).toHaveValue('soon');
    await expect(page.getByLabel('Name')).toHaveValue('Clear the newsletters');
    await expect(page.getByLabel('Label', { exact: true })).toHaveValue('Reading');
    await wrong.fill('3');
    await page.getByRole('button', { name: 'Create automation' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Clear the newsletters');
  });

  let expected = 0;
  await test.step('sees in a dry run what would change, and nothing does', async () => {
    await google.forgetRequests();
    await page.getByRole('button', { name: 'Dry run' }).click();
    await expect(page).toHaveURL(/\/runs\//);
    expect(await ended(page)).toBe('Succeeded');
    const heading = page.getByRole('heading', { name: /^Would change \(\d+\)$/ });
    expected = Number(/\d+/.exec((await heading.textContent()) ?? '')?.[0]) - 1;
    expect(expected).toBeGreaterThan(3);
    await expect(page.getByText('Archived with label “Reading”').first()).toBeVisible();
    expect((await google.requests(account)).length).toBeGreaterThan(0);
    expect(await google.changes(account)).toEqual([]);
  });

  await test.step('runs it and watches its steps', async () => {
    // Under way long enough to be seen so.
    await google.fault({ account, path: '*/modify', delay: 12_000, times: 1 });
    await page.getByRole('link', { name: 'Clear the newsletters' }).click();
    await page.getByRole('button', { name: 'Run now' }).click();
    await expect(page).toHaveURL(/\/runs\//);
    await expect(page.getByRole('button', { name: 'Cancel' })).toBeVisible();
    const steps = page.getByRole('list', { name: 'Steps' });
    await expect(
      steps.getByRole('link', { name: /Label and archive.*Running/ }).first(),
    ).toBeVisible(patience);
    expect(await ended(page)).toBe('Succeeded');
    await expect(steps.getByRole('link', { name: /Search the inbox.*Succeeded/ })).toBeVisible();
  });

  await test.step('reads a step: attempts, times, input and output, calls, effects', async () => {
    await page
      .getByRole('link', { name: /Label and archive.*Succeeded/ })
      .first()
      .click();
    await expect(page).toHaveURL(/step=/);
    const step = page.getByRole('region', { name: 'Step' });
    for (const fact of ['Attempts', 'Waited', 'Ran for']) {
      await expect(step.getByRole('term').filter({ hasText: fact })).toBeVisible();
    }
    await step.getByRole('tab', { name: /^Calls/ }).click();
    await expect(step.getByText(/POST .*\/modify/).first()).toBeVisible();
    await step.getByRole('tab', { name: /^Effects/ }).click();
    await expect(step.getByText('mail.archive').first()).toBeVisible();
  });

  await test.step('finds the effect at the provider, once for each message', async () => {
    expect(await google.mail(account, 'label:reading')).toHaveLength(expected);
    expect(await google.mail(account, 'label:reading in:inbox')).toEqual([]);
    const modified = (await google.changes(account)).filter(({ path }) => path.endsWith('/modify'));
    expect(modified).toHaveLength(expected);
  });

  await test.step('finds it on record, opens an event and exports just what is filtered', async () => {
    await page.getByRole('link', { name: 'Audit events of this run' }).click();
    await expect(page).toHaveURL(/\/audit\?run=/);
    await page.getByRole('button', { name: 'What' }).click();
    await page.getByRole('menuitemradio', { name: 'Change made' }).click();
    await expect(page).toHaveURL(/action=effect\.done/);
    await expect(page.getByRole('row')).toHaveCount(Math.min(expected + 1, 50) + 1);
    await page.getByRole('row').nth(1).getByRole('link').click();
    const event = page.getByRole('dialog');
    await expect(event.getByText('Request id')).toBeVisible();
    await expect(event.getByRole('link', { name: 'Open run' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(event).toBeHidden();
    await expect(page).not.toHaveURL(/event=/);
    const filter = new URL(page.url()).search;
    await page.getByRole('button', { name: 'Export' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('What: Change made')).toBeVisible();
    await dialog.getByRole('button', { name: 'Export' }).click();
    await expect(page).toHaveURL(/\/settings\/exports/);
    const link = page.getByRole('link', { name: 'Download' }).first();
    await expect(link).toBeVisible(patience);
    const downloaded = page.waitForEvent('download');
    await link.click();
    const csv = readFileSync(await (await downloaded).path(), 'utf8');
    const exported = csv
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(',').at(-1));
    const listed: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const answer = await page.request.get(`/api/audit${filter}${cursor && `&cursor=${cursor}`}`);
      const slice = (await answer.json()) as { items: { id: string }[]; nextCursor: string | null };
      listed.push(...slice.items.map(({ id }) => id));
      cursor = slice.nextCursor;
    }
    expect(listed).toHaveLength(expected + 1);
    expect(exported).toEqual(listed);
  });

  await test.step('is told on the overview how far it has come', async () => {
    await page.getByRole('link', { name: 'Overview' }).click();
    await expect(page.getByText('4 of 5 done')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Look at the run' })).toBeVisible();
    await expect(page.getByRole('link', { name: /Clear the newsletters/ }).first()).toBeVisible();
  });
});
