import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { newId, resetConnections, type TenantId, type UserId } from '@/db';
import { nodesOf, Planner } from '@/db/testing/plans/explain';
import { readJourney } from '@/db/testing/plans/journey';
import { browseAudit } from '@/lib/audit';
import { browsePlatformAudit } from '@/lib/platform';
import { createRecord, days, type FilledRecord } from './audit-browser/fill';
import type { Bench, Report } from './bench';
import { quantile, rounded } from './measure';

/** Pages read by each filter; the first warms up, and of the others all but one in ten count. */
const reads = 21;

/** Milliseconds that the first page may take (the issue: "≤ 100 ms at ten million events"). */
const goal = { atMost: 100 } as const;

const md5 = (text: string): string => {
  const hex = createHash('md5').update(text).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};
const day = (daysAgo: number) =>
  new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);

/** Every filter that the browsers have, alone; the seldom and the frequent of each. */
const filters: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no filter': {},
  'an act that is frequent': { action: 'act.number.3' },
  'an act that is rare': { action: 'keys.shredded' },
  'an act that never was': { action: 'tenant.renamed' },
  success: { outcome: 'success' },
  failure: { outcome: 'failure' },
  denied: { outcome: 'denied' },
  'who did a sixth of it': { actor: md5('busy') },
  'who did one thing': { actor: md5('seldom') },
  'who did nothing': { actor: newId() },
  'a long run': { run: md5('large run') },
  'a run that nobody has': { run: newId() },
  'a connection': { connection: md5('connection 0 1') },
  'a request': { request: md5('request 100000').replaceAll('-', '') },
  'a request that nobody made': { request: 'nobody-asked-for-this' },
  'the last days': { from: day(3) },
  'up to the first days': { to: day(days - 3) },
  'up to before all': { to: day(days + 30) },
};

/** The indexes that the last statements on the record were planned to use. */
async function indexesOf(planner: Planner, journey: string, tenant: string): Promise<string> {
  const query = readJourney(journey)
    .filter(({ sql }) => /^select .* from "audit_events"/s.test(sql))
    .find(({ fingerprint }) => !seen.has(fingerprint));
  if (!query) return 'as above';
  seen.add(query.fingerprint);
  const plan = await planner.plan(query, query.values, { tenant, mode: 'force_custom_plan' });
  const used = nodesOf(plan)
    .filter((node) => /audit_(events|index)/.test(`${node['Relation Name']}${node['Index Name']}`))
    .map((node) => node['Index Name'] ?? node['Node Type']);
  return [...new Set(used)].join(' + ');
}
const seen = new Set<string>();

interface Browser {
  readonly name: string;
  readonly tenant: string;
  read(filter: Readonly<Record<string, string>>): Promise<unknown>;
}

function browsers({ large, small }: FilledRecord): readonly Browser[] {
  const staff = {
    userId: newId<UserId>(),
    role: 'support',
    name: 'Sam',
    email: 's@x.example',
    requestId: 'bench',
  } as const;
  const tenant = (name: string, tenantId: TenantId): Browser => ({
    name,
    tenant: tenantId,
    read: (filter) => browseAudit({ tenantId }, filter as never),
  });
  return [
    {
      name: 'console',
      tenant: large,
      read: (filter) => browsePlatformAudit(staff, filter as never),
    },
    {
      name: 'console, one tenant',
      tenant: large,
      read: (filter) => browsePlatformAudit(staff, { ...filter, tenant: large } as never),
    },
    tenant('the large tenant', large),
    tenant('a small tenant', small),
  ];
}

async function timeFilter({ name, read }: Browser, filter: string): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < reads; n += 1) {
    const start = performance.now();
    await read(filters[filter] ?? {});
    times.push(performance.now() - start);
  }
  const value = quantile(times.slice(1), 0.9);
  if (!Number.isFinite(value)) throw new Error(`${name}, ${filter}: no time was taken`);
  return rounded(value, 1);
}

async function timeAll(record: FilledRecord, journey: string, report: Report): Promise<void> {
  const planner = await Planner.open(record.urls, record.urls.contextKey);
  try {
    for (const browser of browsers(record)) {
      for (const filter of Object.keys(filters)) {
        const value = await timeFilter(browser, filter);
        const indexes = await indexesOf(planner, journey, browser.tenant);
        report({ name: `${browser.name}: ${filter} (${indexes})`, value, unit: 'ms', goal });
      }
    }
  } finally {
    await planner.close();
  }
}

/**
 * The first page of the record by every filter alone, in the console over all tenants and of one, and
 * in a tenant's own browser, through the functions that the pages call. With each filter stands by
 * which index it was read.
 */
const bench: Bench = {
  name: 'audit-browser',
  async run(report, { quick }) {
    process.env.LOG_LEVEL = 'error';
    const rows = quick ? 100_000 : 10_000_000;
    const start = performance.now();
    const record = await createRecord(rows);
    const seconds = rounded((performance.now() - start) / 1_000, 1);
    report({ name: `filling the record with ${rows} events`, value: seconds, unit: 's' });
    const journey = join(record.dataDir, 'journey');
    process.env.QUERY_JOURNEY = journey;
    await resetConnections(record.urls);
    try {
      await timeAll(record, journey, report);
    } finally {
      await resetConnections();
      await record.stop();
    }
  },
};

export default bench;
