import { brokenRecords, everyTable, type Line, longQueue, matrix } from './line';

/** What keeps rows apart: row security, its policies, grants of rows and columns. */
export const policies: readonly Line[] = [
  {
    name: 'force-dropped',
    class: everyTable,
    taken: 'FORCE ROW LEVEL SECURITY on connections: whoever owns the table reads all of it.',
    statements: 'alter table connections no force row level security',
    by: matrix,
  },
  {
    name: 'row-security-disabled',
    class: everyTable,
    taken: 'Row security on runs, switched off for a migration and never on again.',
    statements: 'alter table runs disable row level security',
    by: matrix,
  },
  {
    name: 'policy-always-true',
    class: everyTable,
    taken: 'The condition of the policy on resources: USING (true).',
    statements: 'alter policy tenant_isolation on resources using (true)',
    by: matrix,
  },
  {
    name: 'policy-beside-it',
    class: everyTable,
    taken: 'A second policy on audit_events that lets every read through: policies add up.',
    statements: 'create policy reading on audit_events for select to tenantry_app using (true)',
    by: matrix,
  },
  {
    name: 'policy-open-without-context',
    class: everyTable,
    taken: 'No context no longer means no rows in automations: “for background work”.',
    statements:
      'alter policy tenant_isolation on automations using (tenant_id = current_tenant() or current_tenant() is null)',
    by: matrix,
  },
  {
    name: 'policy-for-delete-forgotten',
    class: everyTable,
    taken: 'The policy on report_rows was split by command, and the one for DELETE was left open.',
    statements: `drop policy tenant_isolation on report_rows;
      create policy reading on report_rows for select to tenantry_app using (tenant_id = current_tenant());
      create policy adding on report_rows for insert to tenantry_app with check (tenant_id = current_tenant());
      create policy changing on report_rows for update to tenantry_app using (tenant_id = current_tenant());
      create policy removing on report_rows for delete to tenantry_app using (true)`,
    by: ['sql-extra', 'a statement that reads nothing changes nothing of another tenant'],
  },
  {
    name: 'column-granted-to-platform',
    class: everyTable,
    taken: 'The console’s role was granted the sealed tokens of connections.',
    statements: 'grant select (tenant_id, sealed) on credentials to tenantry_platform',
    by: ['sql-extra', 'no role reads or writes a column that it was not granted'],
  },
  {
    name: 'audit-may-be-deleted',
    class: everyTable,
    taken: 'The tenants’ role was granted DELETE on the record.',
    statements: 'grant delete on audit_events to tenantry_app',
    by: matrix,
  },
  {
    name: 'table-undeclared',
    class: everyTable,
    taken: 'A table was made by hand, with a tenant’s column and nothing that isolates it.',
    statements: `create table public.tags (tenant_id uuid not null, id uuid not null, name text, primary key (tenant_id, id));
      grant select, insert on public.tags to tenantry_app`,
    by: ['sql-matrix', 'everything in the database is declared'],
  },
  {
    name: 'check-dropped',
    class: 'sql: a tenant-moving UPDATE',
    taken: 'WITH CHECK on automations: a row of one’s own can be given to another tenant.',
    statements: 'alter policy tenant_isolation on automations with check (true)',
    by: ['sql-statements', 'no row moves to another tenant'],
  },
  {
    name: 'check-dropped-upsert',
    class: 'sql: ON CONFLICT tells by its error or its silence',
    taken:
      'WITH CHECK on connections: an insert for another tenant is tried, and tells what is there.',
    statements: 'alter policy tenant_isolation on connections with check (true)',
    by: ['sql-oracles', 'ON CONFLICT and MERGE say the same of a foreign row as of none'],
  },
  {
    name: 'policy-open-for-merge',
    class: 'sql: MERGE',
    taken: 'Both halves of the policy on automations.',
    statements: 'alter policy tenant_isolation on automations using (true) with check (true)',
    by: ['sql-oracles', 'MERGE neither finds nor changes a foreign row'],
  },
  {
    name: 'row-security-off-for-one',
    class: 'sql: row_security = off',
    taken: 'Row security on memberships: switching it off for a session is no error any more.',
    statements: 'alter table memberships disable row level security',
    by: ['sql-session', 'row_security = off is an error, not a way out'],
  },
  {
    name: 'event-of-any-size',
    class: brokenRecords,
    taken: 'The bound of an event: one of half a gigabyte holds up the sealing of everybody’s.',
    statements: 'drop policy audit_events_size on audit_events',
    by: [
      'lib/audit/audit.test.ts',
      'refuses an event so large that sealing it would hold up everybody',
    ],
  },
  {
    name: 'job-dated-by-its-writer',
    class: longQueue,
    taken: 'When a job was asked for: SQL that got in dates its own to be the oldest of all.',
    statements: 'drop policy jobs_begin_now on jobs',
    by: ['lib/jobs/outbox.test.ts', 'cannot be dated by SQL that got in: the oldest goes first'],
  },
  {
    name: 'bound-that-lets-in',
    class: everyTable,
    taken: 'RESTRICTIVE on the policy that bounds jobs: policies add up, and it lets others’ in.',
    statements: `drop policy jobs_begin_now on jobs;
      create policy jobs_begin_now on jobs for insert with check (created_at = now())`,
    by: matrix,
  },
];
