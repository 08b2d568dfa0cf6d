import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beginDiscovery, discoverPhase, finishDiscovery } from '@/lib/connections/discovery';
import { discoverAgain } from '@/lib/connections/discovery-request';
import { RetryLater } from '@/lib/limits';
import { microsoftDimensions } from '@/lib/limits/microsoft';
import type { Bench, Report } from './bench';
import { type Organization, startOrganization } from './discovery/organization';
import { rounded } from './measure';

const MAILBOXES = 5_000;
/** For those who are at work on it; its figures are no proof. */
const QUICK = 400;

/** What Microsoft allows is not what is measured: waiting for its budget would be most of it. */
const unlimited = { capacity: 1_000_000, perSecond: 1_000_000 };

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

interface Memory {
  /** Megabytes in use once what nobody holds any more is gone. */
  readonly held: number;
  /** Megabytes that the system has given this process. */
  readonly resident: number;
}

function memory(): Memory {
  const { rss } = process.memoryUsage();
  collectGarbage();
  return { held: process.memoryUsage().heapUsed / 2 ** 20, resident: rss / 2 ** 20 };
}

/** By how many megabytes it grew after the first phase at most. */
function growth(after: readonly Memory[], what: keyof Memory): number {
  const [, first, ...later] = after.map((one) => one[what]);
  return rounded(Math.max(0, ...later.map((megabytes) => megabytes - (first ?? 0))), 1);
}

/** Resources of the organisation, each counted once, and mailboxes among them. */
async function count({ bare }: Organization) {
  const seen = new Set<string>();
  let mailboxes = 0;
  for await (const batch of bare.discover()) {
    for (const { kind, providerId } of batch) seen.add(`${kind} ${providerId}`);
    mailboxes += batch.filter(({ kind }) => kind === 'mailbox').length;
  }
  return { resources: seen.size, mailboxes };
}

/** Seconds to hold all pages of the adapter one after the other, and keep nothing. */
async function fetchOnly({ bare }: Organization): Promise<number> {
  const start = performance.now();
  for await (const _ of bare.discover());
  return (performance.now() - start) / 1_000;
}

/** A phase to its end, waiting as the engine would where the account's budget asks for it. */
async function toItsEnd(phase: () => Promise<void>): Promise<number> {
  let waited = 0;
  for (;;) {
    try {
      await phase();
      return waited;
    } catch (error) {
      const seconds = secondsToWait(error);
      if (seconds === null) throw error;
      waited += seconds;
      await delay(seconds * 1_000);
    }
  }
}

function secondsToWait(error: unknown): number | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof RetryLater) return at.seconds;
    const { seconds } = at as { seconds?: unknown };
    if (typeof seconds === 'number') return seconds;
  }
  return null;
}

interface Run {
  readonly added: number;
  readonly seconds: number;
  readonly calls: number;
  /** At the start and after each phase. */
  readonly memory: readonly Memory[];
}

/** The product's own way: budget, record of each call, resources in the database. */
async function discover(organization: Organization): Promise<Run> {
  const { context, connectionId } = organization;
  await organization.forgetSpending();
  const callsBefore = await organization.calls();
  const begun = await beginDiscovery(context, await discoverAgain(context, connectionId));
  const after = [memory()];
  let milliseconds = 0;
  for (const phase of begun.phases) {
    const start = performance.now();
    const waited = await toItsEnd(() => discoverPhase(context, begun, phase));
    milliseconds += performance.now() - start - waited * 1_000;
    after.push(memory());
  }
  const { added } = await finishDiscovery(context, begun);
  const calls = (await organization.calls()) - callsBefore;
  return { added, seconds: milliseconds / 1_000, calls, memory: after };
}

function tell(report: Report, floor: { resources: number; seconds: number }, first: Run) {
  const rate = first.added / first.seconds;
  const floorRate = floor.resources / floor.seconds;
  report({ name: 'resources a second, first discovery', value: rounded(rate, 0), unit: '1/s' });
  report({
    name: 'resources a second, fetched and thrown away',
    value: rounded(floorRate, 0),
    unit: '1/s',
  });
  report({
    name: 'time against fetching alone',
    value: rounded(floorRate / rate, 2),
    unit: '×',
    goal: { atMost: 5 },
  });
}

const bench: Bench = {
  name: 'discovery',
  async run(report, { quick }) {
    process.env.LOG_LEVEL = 'error';
    for (const one of Object.values(microsoftDimensions)) Object.assign(one, { budget: unlimited });
    const people = quick ? QUICK : MAILBOXES;
    const organization = await startOrganization(people);
    try {
      // The stand-in makes what is in a mailbox when it is first looked at: not counted.
      const { mailboxes, resources } = await count(organization);
      report({
        name: 'mailboxes',
        value: mailboxes,
        unit: '',
        goal: { atLeast: people - 1 },
      });
      report({ name: 'resources', value: resources, unit: '' });
      const before = await fetchOnly(organization);
      const first = await discover(organization);
      // Once more afterwards: whatever else the machine had to do has met both.
      const after = await fetchOnly(organization);
      tell(report, { resources, seconds: (before + after) / 2 }, first);
      report({
        name: 'resources found and not stored',
        value: resources - first.added,
        unit: '',
        goal: { atMost: 0 },
      });
      report({ name: 'calls, first discovery', value: first.calls, unit: '' });
      report({
        name: 'memory held, growth after the first phase',
        value: growth(first.memory, 'held'),
        unit: 'MB',
        goal: { atMost: 16 },
      });
      report({
        name: 'memory resident, growth after the first phase',
        value: growth(first.memory, 'resident'),
        unit: 'MB',
        goal: { atMost: 64 },
      });
      const second = await discover(organization);
      report({
        name: 'second discovery, from where it was left: resources added',
        value: second.added,
        unit: '',
        goal: { atMost: 0 },
      });
      report({
        name: 'second discovery against the first',
        value: rounded(second.seconds / first.seconds, 2),
        unit: '×',
        goal: { atMost: 1.2 },
      });
    } finally {
      await organization.stop();
    }
  },
};

export default bench;
