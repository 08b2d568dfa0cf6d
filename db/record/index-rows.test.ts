import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { expect, inject, it, onTestFinished } from 'vitest';
import { prepareDatabase } from '@/db/migrate';
import { withDatabase } from '../urls';

/** The migrations that an installation had before there was the index. */
function migrationsBefore(): string {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(fileURLToPath(new URL('../../drizzle', import.meta.url)), folder, { recursive: true });
  const path = join(folder, 'meta', '_journal.json');
  const journal = JSON.parse(readFileSync(path, 'utf8')) as { entries: { tag: string }[] };
  const at = journal.entries.findIndex(({ tag }) => tag.endsWith('_audit_index'));
  writeFileSync(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, at) }));
  return folder;
}

it('a database that has a record already has all of it indexed once it is migrated', async () => {
  const { url, secrets } = inject('testServer');
  const database = `migrate_${randomBytes(6).toString('hex')}`;
  const admin = new Client(url);
  await admin.connect();
  onTestFinished(async () => {
    await admin.query(`drop database if exists ${database} with (force)`);
    await admin.end();
  });
  const options = { ownerUrl: url, secrets, database };
  // Migrates, and then misses tables that are declared and not there yet.
  const before = prepareDatabase({ ...options, migrations: migrationsBefore() });
  await expect(before).rejects.toThrow(/does not exist/);
  const client = new Client(withDatabase(url, database));
  await client.connect();
  try {
    await client.query(
      `with made as (
         insert into tenants (id, name)
         select gen_random_uuid(), 'Tenant ' || n from generate_series(1, 3) n returning id
       )
       insert into audit_events (tenant_id, id, actor_type, actor_name, action, target_type,
         target_id, target_name, outcome, request_id)
       select id, gen_random_uuid(), 'system', 'Test', 'run.finished', 'run', 'x', 'x', 'success',
              'request-' || n
         from made cross join generate_series(1, 4) n`,
    );
    await prepareDatabase(options);
    const { rows } = await client.query(
      `select count(*)::int as events, count(i.id)::int as indexed,
              bool_and((i.action, i.request_id, i.created_at)
                       = (e.action, e.request_id, e.created_at)) as same
         from audit_events e left join audit_index i using (tenant_id, id)`,
    );
    expect(rows).toEqual([{ events: 12, indexed: 12, same: true }]);
  } finally {
    await client.end();
  }
});
