import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '@/db/testing';
import type { DoctorCheck } from '@/lib/doctor';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const guide = read('docs/isolation.md');
const database = testDatabase();

/** Nothing was ever started from here: the database is all that is known. */
const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-guide-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** `npm run doctor -- --json` with this configuration: what it says of the database. */
async function doctor(configuration: Record<string, string>): Promise<readonly DoctorCheck[]> {
  const ours = Object.keys(process.env).filter((name) => /^(?:DATABASE|TENANT)_/.test(name));
  const unset = Object.fromEntries(ours.map((name) => [name, '']));
  const child = spawn(process.execPath, ['--import', 'tsx', 'cli/doctor.ts', '--json'], {
    cwd: root,
    env: { ...process.env, ...unset, DATA_DIR: dataDir, ...configuration },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  await new Promise((resolve) => child.once('close', resolve));
  const { checks } = JSON.parse(said) as { readonly checks: readonly DoctorCheck[] };
  return checks.filter(({ source }) => source === 'database');
}

const problems = (checks: readonly DoctorCheck[]) =>
  checks.flatMap(({ findings }) => findings.map(({ problem }) => problem));

describe('docs/isolation.md', () => {
  it('names commands that are there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...guide.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name]) => name ?? '');
    expect(new Set(named)).toEqual(new Set(['doctor', 'isolation', 'mutants']));
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('links and shows only what is there', () => {
    const targets = [...guide.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => path ?? '');
    expect(targets.length).toBeGreaterThan(2);
    expect(targets.filter((path) => !existsSync(join(root, 'docs', path)))).toEqual([]);
  });

  it('names every role there is', async () => {
    const { rows } = await database.owner.query<{ name: string }>(
      "select rolname as name from pg_roles where rolname like 'tenantry\\_%'",
    );
    for (const { name } of rows) expect(guide, name).toContain(`\`${name}\``);
  });

  it('its look at another database finds nothing wrong there, and says what it could not try', async () => {
    const checks = await doctor({ DATABASE_URL: database.ownerUrl });
    expect(checks.length).toBeGreaterThan(20);
    expect(problems(checks)).toEqual([
      'The login that serves tenants is not known here, so nothing was tried with it.',
    ]);
  }, 60_000);

  it('and tries it with the serving logins', async () => {
    const { contextKey, ...logins } = database.urls;
    const given = Object.entries(logins).map(([role, url]) => [
      `DATABASE_${role.toUpperCase()}_URL`,
      url,
    ]);
    const checks = await doctor({
      DATABASE_URL: database.ownerUrl,
      TENANT_CONTEXT_KEY: contextKey,
      ...Object.fromEntries(given),
    });
    expect(problems(checks)).toEqual([]);
  }, 60_000);
});
