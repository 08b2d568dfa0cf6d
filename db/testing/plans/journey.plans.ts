import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '..';
import { faultsOf, isPlanned, readCatalogue, tenantLess } from './check';
import { type Crowd, fillCrowd } from './crowd';
import { Planner } from './explain';
import { journeyDirectory, readJourney, tenantsOf } from './journey';
import type { Catalogue } from './judge';

/**
 * The plans of every query that the product has run in the browser's tests, on a database with 2,000
 * tenants. A new query is among them once a test gets to it.
 */
const root = fileURLToPath(new URL('../../..', import.meta.url));
const directory = process.env.QUERY_JOURNEY_FROM ?? journeyDirectory(root);
const journey = readJourney(directory);
const planned = journey.filter(isPlanned);
const database = testDatabase();

let crowd: Crowd;
let catalogue: Catalogue;
let planner: Planner;

beforeAll(async () => {
  crowd = await fillCrowd(database.owner);
  catalogue = await readCatalogue(database.owner);
  planner = await Planner.open(database.urls, database.urls.contextKey);
}, 120_000);
afterAll(() => planner?.close());

it('the journey was recorded', () => {
  expect(
    planned.length,
    `Run the browser's tests first; they record to ${directory}.`,
  ).toBeGreaterThan(100);
});

it('every query says whose rows it means', () => {
  expect(tenantLess(journey).join('\n\n')).toBe('');
});

describe.each(['app', 'identity', 'platform', 'engine'] as const)('queries of %s', (role) => {
  it('read no table of tenants from end to end, and by indexes that the tenant leads', async () => {
    const tenants = tenantsOf(journey);
    const faults: string[] = [];
    for (const query of planned.filter((each) => each.role === role)) {
      faults.push(...(await faultsOf(planner, query, { catalogue, crowd, tenants })));
    }
    expect(faults.join('\n\n')).toBe('');
  }, 60_000);
});
