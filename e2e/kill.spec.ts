import type { APIRequestContext, Page } from '@playwright/test';
import { callAction } from './support/actions';
import { connectGoogle, discovered } from './support/connect';
import { expect, people, test } from './support/fixtures';
import { Google } from './support/google';
import { signIn } from './support/people';
import { newDataDir, type PartName, startServer, type TestServer } from './support/server';

/** Killed without warning in the middle of its work, the product goes on, and does nothing twice. */

/** Milliseconds: a part is started again, and what it had in hand is noticed to be orphaned. */
const recovery = { timeout: 120_000 };
test.setTimeout(480_000);
test.describe.configure({ mode: 'serial' });

const owner = people.tenants[1]?.owner.email ?? '';
const account = owner;
const parts: readonly PartName[] = ['supervisor', 'web', 'emulators', 'postgres'];
const actions = 'app/(tenant)/automations/actions.ts';

interface Run {
  readonly id: string;
  readonly state: string;
  readonly error: string | null;
  readonly steps: readonly { readonly key: string; readonly state: string }[];
}

interface Wish {
  readonly template: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Make an automation on the connection that this page shows, and start it. */
async function startRun(page: Page, { template, parameters }: Wish): Promise<string> {
  const connectionId = new URL(page.url()).pathname.split('/').at(-1);
  const made = await callAction(page.request, `${actions}#create`, {
    name: `Killed ${template}`,
    connectionId,
    parameters,
    trigger: { type: 'manual' },
    template,
  });
  const automationId = made.redirect?.split('/').at(-1);
  expect(automationId, JSON.stringify(made)).toBeTruthy();
  const key = crypto.randomUUID();
  const input = { automationId, dryRun: false, key };
  const started = await callAction(page.request, `${actions}#start`, input);
  expect(started.result).toMatchObject({ ok: true, data: key });
  return key;
}

/** The run as the API tells it; null while nobody answers. */
async function readRun(request: APIRequestContext, id: string): Promise<Run | null> {
  try {
    const response = await request.get(`/api/runs/${id}`);
    return response.ok() ? ((await response.json()) as Run) : null;
  } catch {
    return null;
  }
}

async function succeeds(request: APIRequestContext, id: string): Promise<Run> {
  const over = async () => {
    const run = await readRun(request, id);
    return run && /^(succeeded|failed|cancelled)$/.test(run.state)
      ? `${run.state} ${run.error ?? ''}`.trim()
      : 'under way';
  };
  await expect.poll(over, recovery).toBe('succeeded');
  return (await readRun(request, id)) as Run;
}

/** Audit events of one kind of a run, by what they are about. */
async function targets(request: APIRequestContext, run: string, action: string) {
  const found: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = `run=${run}&action=${action}${cursor && `&cursor=${cursor}`}`;
    const slice = (await (await request.get(`/api/audit?${query}`)).json()) as {
      items: { targetName: string; targetId: string }[];
      nextCursor: string | null;
    };
    found.push(...slice.items.map(({ targetId, targetName }) => `${targetId} ${targetName}`));
    cursor = slice.nextCursor;
  }
  return found.sort();
}

async function comesBack(server: TestServer, part: PartName, before: number | undefined) {
  await expect.poll(() => server.pid(part) ?? before, recovery).not.toBe(before);
  const ready = async () => {
    try {
      return (await fetch(`${server.url}/api/ready`)).ok;
    } catch {
      return false;
    }
  };
  await expect.poll(ready, recovery).toBe(true);
}

async function connected(page: Page): Promise<void> {
  await connectGoogle(page, account);
  await discovered(page);
}

/** Close what is open: a page that still looks at something would ask in vain, and say so. */
const leave = (page: Page) => page.goto('about:blank');

/** How often each message's labels were changed, by the provider's own log. */
async function changesByMessage(google: Google): Promise<readonly number[]> {
  const counts = new Map<string, number>();
  for (const { path } of await google.changes(account)) {
    if (path.endsWith('/modify')) counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  return [...counts.values()];
}

/** Start a run that archives many newsletters slowly, and wait for its middle. */
async function inTheMiddle(
  page: Page,
  google: Google,
  label: string,
  days: number,
  // Slow enough that it is far from its end when the third is seen to be done.
  delay = 1_500,
) {
  await google.forgetRequests();
  await google.fault({ account, path: '*/modify', delay });
  const parameters = { label, olderThanDays: days, limit: 60 };
  const run = await startRun(page, { template: 'archive-newsletters', parameters });
  const search = `label:${label.toLowerCase()}`;
  const done = async () => (await google.mail(account, search)).length;
  await expect.poll(done, recovery).toBeGreaterThanOrEqual(3);
  expect((await readRun(page.request, run))?.state).toBe('running');
  return { run, search };
}

/** Every message that the run was about has its label, and was touched by no more than one repeat. */
async function exactlyOnce(
  page: Page,
  google: Google,
  { run, search }: { readonly run: string; readonly search: string },
  kills: number,
) {
  const labelled = await google.mail(account, search);
  const changes = await changesByMessage(google);
  expect(changes).toHaveLength(labelled.length);
  // What was on its way when the process died is asked for again: the provider takes it once.
  const sent = changes.reduce((sum, count) => sum + count, 0);
  expect(sent - labelled.length).toBeLessThanOrEqual(kills);
  const recorded = await targets(page.request, run, 'effect.done');
  expect(new Set(recorded).size).toBe(recorded.length);
  // One more: the label itself was made.
  expect(recorded).toHaveLength(labelled.length + 1);
  expect(await targets(page.request, run, 'effect.unclear')).toEqual([]);
}

for (const [part, days, delay] of [
  ['web', 30, 1_500],
  // Longer than the database is away: what is on its way does not come back while nothing can be kept.
  ['postgres', 14, 4_000],
] as const) {
  test(`kill -9 of ${part} in the middle of a run: it finishes, each change made once`, async ({
    server,
    visit,
    google,
  }) => {
    const page = await visit(owner);
    await connected(page);
    const middle = await inTheMiddle(page, google, `Killed${part}`, days, delay);
    const before = server.pid(part);
    await leave(page);
    server.kill9(part);
    await comesBack(server, part, before);
    await google.clearFaults();
    await succeeds(page.request, middle.run);
    await exactlyOnce(page, google, middle, 1);
    await page.goto(`/runs/${middle.run}`);
    await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible();
  });
}

test('killed after the provider sent a mail and before that was kept: it is sent once', async ({
  server,
  visit,
  google,
}) => {
  const page = await visit(owner);
  await connected(page);
  const sent = async () => (await google.mail(account, 'in:sent')).length;
  const before = await sent();
  await google.forgetRequests();
  await google.fault(
    // The mail goes out and its answer is lost …
    { account, path: '*/messages/send', when: 'after', reset: true, times: 1 },
    // … and looking it up takes longer than the process has to live.
    { account, method: 'GET', path: '*/users/me/messages', delay: 60_000 },
  );
  const parameters = { recipient: account, calendars: [], timeZone: 'Europe/London' };
  const run = await startRun(page, { template: 'morning-agenda', parameters });
  await expect.poll(() => google.fired(), recovery).toEqual([1, 1]);
  expect(await sent()).toBe(before + 1);
  const web = server.pid('web');
  await leave(page);
  server.kill9('web');
  await google.clearFaults();
  await comesBack(server, 'web', web);
  await succeeds(page.request, run);
  expect(await sent()).toBe(before + 1);
  const asked = await google.requests(account, '/gmail/v1/users/me/messages/send');
  expect(asked).toHaveLength(1);
  expect(await targets(page.request, run, 'effect.done')).toHaveLength(1);
});

test('kill -9 of everything: started again, it finishes what it had begun', async ({
  browser,
  watch,
}) => {
  const dataDir = newDataDir();
  let server = await startServer({ dataDir });
  const context = await browser.newContext({ baseURL: server.url });
  await watch(context);
  const page = await context.newPage();
  await signIn(page, owner);
  await connected(page);
  const middle = await inTheMiddle(page, new Google(server), 'Blackout', 30);
  const done = (await new Google(server).mail(account, middle.search)).length;
  const pids = parts.map((part) => server.pid(part) ?? 0);
  expect(pids).not.toContain(0);
  await leave(page);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await server.exited;
  server = await startServer({ dataDir, port: server.port });
  await succeeds(page.request, middle.run);
  const labelled = await new Google(server).mail(account, middle.search);
  expect(labelled.length).toBeGreaterThan(done);
  const recorded = await targets(page.request, middle.run, 'effect.done');
  expect(new Set(recorded).size).toBe(recorded.length);
  expect(recorded).toHaveLength(labelled.length + 1);
  expect(await targets(page.request, middle.run, 'effect.unclear')).toEqual([]);
  await context.close();
  await server.stop();
});
