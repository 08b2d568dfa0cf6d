import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { chosenMutants, mutants } from './list';
import { codeMutantsByFile, withMutants, withSourceMutant } from './schemata';

/** Cheap, and so part of every run of the tests: the list must not rot while nobody runs it. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** Whether a file has a test that is called so, word for word or as a line of a table. */
function hasTest(file: string, title: string): boolean {
  const text = read(file);
  const quoted = [title, title.replaceAll("'", "\\'")];
  if (quoted.some((each) => text.includes(`'${each}'`) || text.includes(`"${each}"`))) return true;
  const made = [...text.matchAll(/(['`])((?:(?!\1)[^\n])*(?:%[sj]|\$\{\w+\})(?:(?!\1)[^\n])*)\1/g)];
  return made.some(([, , pattern = '']) => {
    const parts = pattern.split(/%[sj]|\$\{\w+\}/).map((part) => part.replaceAll("\\'", "'"));
    const fits = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.+)');
    return new RegExp(`^${fits}$`).test(title);
  });
}

/** Attack classes of the reference, by the words that their names have in common. */
const classes = [
  /^sql: a view or SECURITY DEFINER function/,
  /^sql: a partition child/,
  /^sql: a single-column foreign key/,
  /^sql: a global UNIQUE/,
  /^sql: ON CONFLICT/,
  /^sql: .*last_value/,
  /^sql: pg_class.reltuples and pg_stat_\*/,
  /^sql: EXPLAIN/,
  /^sql: a session-level SET/,
  /^sql: the setting is empty/,
  /^sql: injected set_config/,
  /^sql: shared NOTIFY channels and advisory-lock keys/,
  /^sql: a leaky function/,
  /^sql: a tenant-moving UPDATE/,
  /^sql: TRUNCATE/,
  /^sql: SET ROLE/,
  /^sql: row_security = off/,
  /^sql: savepoints/,
  /^sql: a materialized view/,
  /^sql: an app login that owns tables or has BYPASSRLS/,
  /^sql: search_path shadowing/,
  /^sql: role-change plans/,
  /^sql: MERGE/,
  /^sql: COPY/,
  /^sql: large objects/,
  /^sql: error detail in logs/,
  /^app: X-Tenant-ID/,
  /^app: host/,
  /^app: cookie/,
  /^app: JWT/,
  /^app: stale membership claims/,
  /^app: server-action ids and closures/,
  /^app: mass assignment of tenant_id/,
  /^app: object-level authorisation/,
  /^app: list, search, count, export and cursor/,
  /^app: signed URLs/,
  /^app: OAuth state mix-up/,
  /^app: webhook → tenant mapping/,
  /^app: SSRF/,
  /^app: log injection/,
  /^app: rate-limit keys/,
  /^app: support sessions/,
  /^cache: unstable_cache/,
  /^cache: 'use cache'/,
  /^cache: ISR, CDN and RSC Vary/,
  /^cache: KV keys/,
  /^cache: TanStack/,
  /^cache: bfcache/,
  /^cache: aborted requests/,
  /^job: INNGEST_DEV in production/,
  /^job: a forged event/,
  /^job: an event carries ids only/,
  /^job: the worker trusts the payload/,
];

describe('the mutants', () => {
  it('stand for every attack class', () => {
    const missing = classes.filter((each) => !mutants.some(({ class: name }) => each.test(name)));
    expect(missing).toEqual([]);
  });

  it('have a name each', () => {
    const names = mutants.map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    expect(names.filter((name) => !/^[a-z][a-z-]+$/.test(name))).toEqual([]);
    expect(names.length).toBeGreaterThanOrEqual(30);
  });

  it.each(mutants.map((mutant) => [mutant.name, mutant.noticedBy] as const))(
    '%s names a test that is there',
    (_name, { file, title }) => {
      expect(existsSync(join(root, file)), file).toBe(true);
      expect(hasTest(file, title), `${file}: ${title}`).toBe(true);
    },
  );

  it.each([...codeMutantsByFile(mutants)])('fit %s, each in one place', (file, those) => {
    const source = read(file);
    const text = withMutants(source, those);
    for (const { name } of those) expect(text).toContain(`=== '${name}'`);
    expect(parseSync(file, text).errors).toEqual([]);
  });

  it.each(
    mutants.flatMap((mutant) => (mutant.kind === 'source' ? [[mutant.name, mutant] as const] : [])),
  )('%s fits its file in one place', (_name, mutant) => {
    const source = read(mutant.file);
    const text = withSourceMutant(source, mutant);
    expect(text).not.toBe(source);
    expect(parseSync(mutant.file, text).errors).toEqual([]);
  });

  it('are chosen by name, and one that there is not is named', () => {
    expect(chosenMutants([])).toBe(mutants);
    expect(chosenMutants(['force-dropped']).map(({ name }) => name)).toEqual(['force-dropped']);
    expect(() => chosenMutants(['no-such'])).toThrow('There is no mutant called no-such');
  });
});
