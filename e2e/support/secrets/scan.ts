import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from '../database';
import type { TestServer } from '../server';
import type { Secret } from './collect';

/** Characters of a secret that are enough to know it again; a cut one is a secret too. */
const piece = 20;

/** How a secret may be written down. */
function spellings(value: string): string[] {
  const bytes = /^[A-Za-z0-9+/]{43}=$/.test(value)
    ? Buffer.from(value, 'base64')
    : Buffer.from(value);
  const base64 = bytes.toString('base64');
  const all = [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    bytes.toString('hex'),
    base64,
    bytes.toString('base64url'),
  ];
  // A secret's beginning may be public, as a provider's prefix is: its end is its own.
  return [...new Set(all.map((text) => text.replace(/=+$/, '').slice(-piece)))];
}

/** Where any secret is found, as lines; empty when none is. What is found is not told. */
export function whereFound(
  secrets: readonly Secret[],
  places: ReadonlyMap<string, string>,
): string[] {
  const found = new Set<string>();
  for (const { kind, value } of secrets) {
    for (const spelling of spellings(value)) {
      if (spelling.length < 12) continue;
      for (const [place, text] of places) {
        if (text.includes(spelling)) found.add(`${kind} in ${place}`);
      }
    }
  }
  return [...found].toSorted();
}

/** The log files of an installation. */
export function logsOf({ dataDir }: TestServer): [string, string][] {
  const directory = join(dataDir, 'logs');
  if (!existsSync(directory)) return [];
  return readdirSync(directory).map((name) => [
    `the log ${name}`,
    readFileSync(join(directory, name), 'utf8'),
  ]);
}

/**
 * Every row of every table as text, as a dump has them: contents, jobs, steps, reports, figures of
 * queries. Without `private`, where the key that signs contexts lies by design.
 */
export async function dumpOf(server: TestServer): Promise<[string, string][]> {
  const tables = await sql<{ name: string }>(
    server,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema', 'private')`,
  );
  const dump: [string, string][] = [];
  for (const { name } of tables) {
    const [row] = await sql<{ text: string | null }>(
      server,
      `select string_agg(row_to_json(t)::text, E'\\n') as text from ${name} t`,
    );
    dump.push([`the table ${name}`, row?.text ?? '']);
  }
  return dump;
}
