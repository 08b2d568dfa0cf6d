import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JourneyQuery } from '../../observe';

/** Where the browser's tests have the product write down what it asks of the database. */
export const journeyDirectory = (root: string): string => join(root, 'test-results', 'queries');

/** The queries of all processes that took part, each once. Empty when nothing was recorded. */
export function readJourney(directory: string): readonly JourneyQuery[] {
  if (!existsSync(directory)) return [];
  const queries = readdirSync(directory)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readFileSync(join(directory, file), 'utf8').split('\n'))
    // The last line of a process that was killed may be half a one.
    .flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as JourneyQuery] : []));
  const once = new Map(queries.map((query) => [`${query.fingerprint} ${query.lawful}`, query]));
  return [...once.values()].toSorted((one, other) => (one.sql < other.sql ? -1 : 1));
}

/** The tenants that took part; where one stands among parameters, another is put in its place. */
export function tenantsOf(journey: readonly JourneyQuery[]): ReadonlySet<string> {
  return new Set(journey.flatMap(({ tenantId }) => (tenantId ? [tenantId] : [])));
}
