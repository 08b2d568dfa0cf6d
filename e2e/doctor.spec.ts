import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Client } from 'pg';
import { localDatabaseUrls } from '@/db/local';
import { expect, test } from './support/fixtures';
import { root } from './support/server';

interface Report {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly check: string;
    readonly findings: readonly { readonly problem: string }[];
  }[];
}

function doctor(dataDir: string): { readonly code: number | null; readonly report: Report } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(root, 'cli/doctor.ts'), '--json'],
    { cwd: root, encoding: 'utf8', env: { ...process.env, DATA_DIR: dataDir } },
  );
  if (!stdout) throw new Error(`The doctor said nothing: ${stderr}`);
  return { code: status, report: JSON.parse(stdout) as Report };
}

const problems = ({ checks }: Report): string[] =>
  checks.flatMap(({ findings }) => findings.map(({ problem }) => problem));

test('the doctor passes the running product, policy and database included', ({ server }) => {
  const { code, report } = doctor(server.dataDir);
  expect(problems(report)).toEqual([]);
  expect(code).toBe(0);
  const checks = report.checks.map(({ check }) => check);
  expect(checks).toContain('The policy is on what is served');
  expect(checks).toContain('Tenant tables force row security');
});

test('the doctor finds what is broken in the running database', async ({ server }) => {
  const owner = new Client(localDatabaseUrls(server.dataDir)?.owner);
  await owner.connect();
  const breaks = [
    'alter table connections no force row level security',
    'drop policy tenant_isolation on report_rows',
    'alter table provider_calls drop constraint provider_calls_pkey',
  ];
  for (const statement of breaks) await owner.query(statement);
  const { code, report } = doctor(server.dataDir);
  for (const statement of [
    'alter table connections force row level security',
    `create policy tenant_isolation on report_rows for all to tenantry_app
       using (tenant_id = current_tenant())
       with check (tenant_id = (select current_tenant()))`,
    'alter table provider_calls add primary key (tenant_id, id)',
  ]) {
    await owner.query(statement);
  }
  await owner.end();
  expect(code).toBe(1);
  for (const table of ['connections', 'report_rows', 'provider_calls']) {
    expect(problems(report).join('\n')).toContain(table);
  }
});
