import { sql, type TenantContext, tenantDb } from '@/db';
import { browseResources, resourceFilter } from '@/lib/connections';
import type { Report } from '../bench';
import { median, quantile, rounded } from '../measure';
import type { DoorData } from './data';
import { foreignName, rareName } from './fill';

const ROUNDS = 15;

/** What is looked for, and what makes it hard. */
const searches: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  'part of a name': [
    rareName,
    // Nowhere in this tenant, in a quarter of all others' rows.
    foreignName,
    'qqqqq',
    // In every fifth row.
    '.pdf',
    'report',
    'eport 12',
    '12345',
    // Short, of any script: frequent, rare, and nowhere.
    'a',
    're',
    'zq',
    'z',
    'é',
    '報',
    '告書',
    'отч',
    'ü',
    '%',
    '_',
  ].map((q) => ({ q })),
  words: [
    'annual',
    'annual report',
    'report annual 12',
    'bud',
    'report 報告書',
    '7',
    'nothing of this kind',
  ].map((q) => ({ q, by: 'words' })),
  'a field of the JSON': [
    { q: 'person123@tenant0.example', by: 'owner' },
    { q: 'person123@tenant1.example', by: 'owner' },
    { q: 'application/pdf', by: 'mimeType' },
    { q: 'application/unknown', by: 'mimeType' },
  ],
};

/**
 * A search as people make it: the first page of what was found and how many there are, by the door,
 * under row security, in the tenant that is large.
 */
export async function measureSearch({ large, owner }: DoorData, report: Report): Promise<void> {
  const context: TenantContext = { tenantId: large };
  for (const [kind, needles] of Object.entries(searches)) {
    const filters = needles.map((needle) => resourceFilter.parse(needle));
    const times = filters.map((): number[] => []);
    for (let round = -3; round < ROUNDS; round += 1) {
      for (const [index, filter] of filters.entries()) {
        const start = performance.now();
        await browseResources(context, filter);
        if (round >= 0) times[index]?.push(performance.now() - start);
      }
    }
    const slowest = times.map(median).reduce((a, b) => Math.max(a, b));
    const which = needles[times.map(median).indexOf(slowest)]?.q;
    const goal = { atMost: 10 };
    report({
      name: `search by ${kind}: half of them`,
      value: rounded(median(times.flat())),
      unit: 'ms',
    });
    report({
      name: `search by ${kind}: 95 of 100`,
      value: rounded(quantile(times.flat(), 0.95)),
      unit: 'ms',
    });
    report({
      name: `search by ${kind}: the slowest of ${needles.length}, “${which}”`,
      value: rounded(slowest),
      unit: 'ms',
      goal,
    });
  }
  const { rows } = await owner.query<{ bytes: number }>(
    "select pg_relation_size('resources_search')::float8 as bytes",
  );
  report({
    name: 'search: size of its index',
    value: rounded((rows[0]?.bytes ?? 0) / 1e6, 0),
    unit: 'MB',
  });
  const plain: number[] = [];
  for (let round = -1; round < 3; round += 1) {
    const start = performance.now();
    await tenantDb(context).execute(
      sql`select id from resources where tenant_id = ${large} and name ilike ${`%${rareName}%`}
           order by sort_name, id limit 51`,
    );
    if (round >= 0) plain.push(performance.now() - start);
  }
  report({
    name: 'the same by ILIKE under row security',
    value: rounded(median(plain)),
    unit: 'ms',
  });
}
