import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DeletionId, deletions, enginePool, newId, type TenantId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { providerClient } from '@/lib/connections';
import { connect, testGoogle, testMember } from '@/lib/connections/testing';
import { deliver, queueMail, readOutboxMail } from '@/lib/mail';
import { objectStore } from '@/lib/objects';
import { createTenantKey } from '@/lib/vault';
import { advanceDeletion } from './advance';
import { verifyCertificate } from './certificate';
import { closingContext } from './context';
import { mostAttempts } from './stages/revoke';
import { askedDeletion, fullTenant, othersRows } from './testing';

const olivia = 'olivia@northwind.example';
const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-deletion-'));
vi.stubEnv('DATA_DIR', dataDir);
const google = testGoogle();
const database = testDatabase();
const at = { settle: 0 } as const;

beforeAll(async () => {
  await fullTenant(database);
});
beforeEach(() => {
  google.clearFaults();
  google.clearRequests();
});

async function rowOf(id: DeletionId) {
  const { rows } = await database.owner.query('select * from tenant_deletions where id = $1', [id]);
  return rows[0];
}

/** A tenant with rows everywhere, keys, a mail that was sent, and a file. */
async function inhabited(): Promise<{ tenantId: TenantId; mailFile: string }> {
  const tenantId = await fullTenant(database);
  const context = closingContext({ id: '' as DeletionId, tenantId });
  await withTenant(context, (tx) => createTenantKey(tx, tenantId));
  const mail = await withTenant(context, (tx) =>
    queueMail(tx, context, { to: 'ada@acme.example', subject: 'Hello', text: 'Text' }),
  );
  await deliver(context, mail);
  await objectStore().put(`tenants/${tenantId}/exports/one`, 'text');
  await enginePool().query(
    `insert into engine.runs (id, function_id, event_id, event, tenant, lane)
     values (gen_random_uuid(), 'f', 'e-' || $1, '{"data":{"tenantId":"' || $1 || '"}}', $1, $1)`,
    [tenantId],
  );
  return { tenantId, mailFile: join(dataDir, 'outbox', `${mail}.eml`) };
}

describe('a deletion whose grace is over', () => {
  it('leaves nothing of the tenant, and everything of the others as it was', async () => {
    const { tenantId, mailFile } = await inhabited();
    const id = await askedDeletion(database, tenantId);
    const before = await othersRows(database, tenantId);
    expect(existsSync(mailFile)).toBe(true);
    expect(await advanceDeletion(id, at)).toBe('done');
    expect(await othersRows(database, tenantId)).toEqual(before);
    expect(existsSync(mailFile)).toBe(false);
    for await (const file of objectStore().list(`tenants/${tenantId}/`)) expect(file).toBeNull();
    const { rows } = await enginePool().query('select from engine.runs where tenant = $1', [
      tenantId,
    ]);
    expect(rows).toEqual([]);
  });

  it('is not held up by what functions for all tenants remember of it once they have run', async () => {
    const { tenantId } = await inhabited();
    const other = newId();
    const ran = async (named: string) => {
      const run = newId();
      await enginePool().query(
        `insert into engine.runs (id, function_id, event_id, event, tenant, lane, state, output, ended_at)
         values ($1::uuid, 'f', 'cron-' || $1::text, '{}', 'function:f', 'function:f', 'completed', $2, now())`,
        [run, JSON.stringify({ last: named })],
      );
      await enginePool().query(
        `insert into engine.steps (run_id, id, kind, position, value) values ($1, 's', 'data', 1, $2)`,
        [run, JSON.stringify({ last: named })],
      );
      return run;
    };
    const runs = [await ran(tenantId), await ran(other)];
    expect(await advanceDeletion(await askedDeletion(database, tenantId), at)).toBe('done');
    for (const [table, column] of [
      ['runs', 'id'],
      ['steps', 'run_id'],
    ]) {
      const { rows } = await enginePool().query(
        `select ${column} as run from engine.${table} where ${column} = any($1)`,
        [runs],
      );
      expect(rows).toEqual([{ run: runs[1] }]);
    }
  });

  it('ends with a signed certificate that says what went, and without a name', async () => {
    const { tenantId } = await inhabited();
    const id = await askedDeletion(database, tenantId);
    await advanceDeletion(id, at);
    const row = await rowOf(id);
    expect(row).toMatchObject({ asked_name: null, asked_email: null, tenant_name: null });
    expect(row.mailed_at).not.toBeNull();
    const verdict = verifyCertificate(row.certificate);
    expect(verdict).toMatchObject({
      valid: true,
      certificate: { tenantId, deletionId: id, keysDestroyed: 1, rows: { users: 1, runs: 2 } },
    });
    const changed = row.certificate.replace('"keysDestroyed": 1', '"keysDestroyed": 2');
    expect(verifyCertificate(changed)).toMatchObject({ valid: false });
    const { attachments } = (await readOutboxMail(id)) ?? {};
    expect(attachments).toEqual([{ filename: `deletion-${id}.txt`, content: row.certificate }]);
  });

  it('forgets who asked for an earlier one, and who undid it', async () => {
    const { tenantId } = await inhabited();
    const earlier = await askedDeletion(database, tenantId);
    await database.owner.query(
      `update tenant_deletions set origin = 'staff', reason = 'Ada has left', asked_by = $2,
              ended_at = now(), ended_by = $2, ended_name = 'Olivia', told_end_at = null where id = $1`,
      [earlier, newId()],
    );
    expect(await advanceDeletion(await askedDeletion(database, tenantId), at)).toBe('done');
    expect(await rowOf(earlier)).toMatchObject({
      ...{ asked_by: null, asked_name: null, asked_email: null, tenant_name: null, reason: null },
      ...{ ended_by: null, ended_name: null, ended_at: expect.any(Date) },
    });
    const due = await deletions.dueDeletions(3, 100);
    expect(due.map(({ id }) => id)).not.toContain(earlier);
  });

  it('takes the tenant’s id out of what is about others, or about the platform', async () => {
    const { tenantId } = await inhabited();
    const someone = newId();
    const write = (text: string) =>
      database.owner.query(text, [newId(), `of ${tenantId}`, someone]);
    await write(
      `insert into trust_reports (id, kind, started_at, finished_at, ok, passed, failed, summary,
                                  document, version, digest)
       values ($1, 'doctor', now(), now(), false, 0, 1, '{}', jsonb_build_object('finding', $2::text),
               '1', $3::uuid::text)`,
    );
    await write(
      `insert into approvals (id, kind, subject, reason, asked_by, expires_at)
       values ($1, 'export.across', jsonb_build_object('what', $2::text), $2, $3, now())`,
    );
    await write(
      `insert into alerts (id, rule, subject, first_seen_at, last_seen_at, denials, tenants,
                           counted_until, note)
       values ($1, 'actor_burst', $3, now(), now(), 3, 1, now(), $2)`,
    );
    await write(
      `insert into saved_views (id, owner_id, owner_name, name, list, query)
       values ($1, $3, 'Ada', $2, 'tenants', $2)`,
    );
    const id = await askedDeletion(database, tenantId);
    expect([await advanceDeletion(id, at), (await rowOf(id)).error]).toEqual(['done', null]);
    const { rows } = await database.owner.query(
      'select reason from approvals where asked_by = $1',
      [someone],
    );
    expect(rows).toEqual([{ reason: 'of erased' }]);
  });

  it('does not wait for what is counted of the tenant by the hour', async () => {
    const { tenantId } = await inhabited();
    const counter = `stream-test:${tenantId}`;
    await database.owner.query('insert into rate_limits (key, points, expire) values ($1, 1, $2)', [
      counter,
      Date.now() + 60_000,
    ]);
    expect(await advanceDeletion(await askedDeletion(database, tenantId), at)).toBe('done');
  });

  it('keeps people who belong to another organisation, or are staff', async () => {
    const tenantId = await fullTenant(database);
    const { owner } = database;
    const both = await database.createMember({ tenantId });
    const elsewhere = await database.createTenant('Elsewhere');
    await owner.query(
      `insert into memberships (tenant_id, id, user_id, role) values ($1, gen_random_uuid(), $2, 'owner')`,
      [elsewhere.tenantId, both.userId],
    );
    const support = await database.createMember({ tenantId });
    await owner.query(`insert into staff (user_id, role) values ($1, 'support')`, [support.userId]);
    const only = await database.createMember({ tenantId });
    await advanceDeletion(await askedDeletion(database, tenantId), at);
    const people = [both, support, only].map(({ userId }) => userId);
    const { rows } = await owner.query('select id from users where id = any($1)', [people]);
    expect(rows.map(({ id }) => id).toSorted()).toEqual([both.userId, support.userId].toSorted());
  });
});

describe('what a tenant was granted', () => {
  it('is taken back at the provider', async () => {
    const member = await testMember(database);
    await connect(member);
    google.clearRequests();
    const id = await askedDeletion(database, member.tenantId);
    expect(await advanceDeletion(id, at)).toBe('done');
    expect(google.requests({ path: '/revoke' }).map(({ status }) => status)).toEqual([200]);
    expect((await rowOf(id)).revocations).toMatchObject([{ provider: 'google', revoked: true }]);
  });

  it('stays where another organisation lives on the same account', async () => {
    const [member, neighbour] = [await testMember(database), await testMember(database)];
    await connect(member);
    const theirs = await connect(neighbour);
    await advanceDeletion(await askedDeletion(database, member.tenantId), at);
    google.expire(olivia);
    const client = await providerClient(neighbour, theirs);
    await expect(client.mail?.findLabel('x')).resolves.toBeNull();
  });

  it('is asked for again while the provider is down, and the deletion goes on at last', async () => {
    const member = await testMember(database);
    await connect(member, 'victor@northwind.example');
    google.fault({ path: '/revoke', status: 503 });
    const id = await askedDeletion(database, member.tenantId);
    for (let attempt = 1; attempt < mostAttempts; attempt += 1) {
      expect(await advanceDeletion(id, at)).toBe('revoking');
      expect((await rowOf(id)).attempts).toBe(attempt);
    }
    expect(await advanceDeletion(id, at)).toBe('done');
    expect((await rowOf(id)).revocations).toMatchObject([
      { revoked: false, because: expect.stringContaining('Google'), attempts: mostAttempts },
    ]);
  });
});

it('what staff leave by looking at it until the scan is erased as well, and no fault', async () => {
  const tenantId = await fullTenant(database);
  const id = await askedDeletion(database, tenantId);
  expect(await advanceDeletion(id, { settle: 3_600 })).toBe('scanning');
  await database.owner.query(
    `insert into staff_access_logs (id, user_id, tenant_id, action, request_id)
     values (gen_random_uuid(), gen_random_uuid(), $1, 'deletion.opened', 'look')`,
    [tenantId],
  );
  expect([await advanceDeletion(id, at), (await rowOf(id)).error]).toEqual(['done', null]);
});

describe('in its grace', () => {
  it('nothing is touched', async () => {
    const tenantId = await fullTenant(database);
    const id = await askedDeletion(database, tenantId, new Date(Date.now() + 86_400_000 * 20));
    const { rows } = await database.owner.query('select * from resources order by id');
    expect(await advanceDeletion(id, at)).toBe('grace');
    expect((await database.owner.query('select * from resources order by id')).rows).toEqual(rows);
  });

  it.each([
    ['erase', `select * from lifecycle.erase($1, 'resources', null, 10)`],
    ['erase people', 'select lifecycle.erase_people($1, 10)'],
    ['erase what names it', 'select lifecycle.erase_mentions($1, 10)'],
    ['erase the tenant', 'select lifecycle.erase_tenant($1)'],
    ['scan', `select lifecycle.scan($1, 'resources')`],
  ])('the engine itself may not %s', async (_what, call) => {
    const tenantId = await fullTenant(database);
    const id = await askedDeletion(database, tenantId, new Date(Date.now() + 86_400_000));
    await enginePool().query(`update tenant_deletions set stage = 'erasing' where id = $1`, [id]);
    await expect(enginePool().query(call, [id])).rejects.toMatchObject({ code: 'TC002' });
    const close = await enginePool().query('select lifecycle.close($1) as closed', [id]);
    expect(close.rows).toEqual([{ closed: false }]);
  });
});

it('nobody but the engine may erase, or say that a grace is over', async () => {
  const tenantId = await fullTenant(database);
  const id = await askedDeletion(database, tenantId);
  const { rows } = await database.owner.query<{ role: string; may: boolean }>(
    `select r as role, bool_or(has_function_privilege(r, p.oid, 'execute')
                               and has_schema_privilege(r, 'lifecycle', 'usage')) as may
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace and n.nspname = 'lifecycle',
            unnest(array['tenantry_app', 'tenantry_identity', 'tenantry_platform']) r group by r`,
  );
  expect(rows.filter(({ may }) => may)).toEqual([]);
  await expect(
    enginePool().query('update tenant_deletions set closed_at = now() where id = $1', [id]),
  ).rejects.toMatchObject({ code: '42501' });
  await expect(
    enginePool().query('update tenant_deletions set grace_until = now() where id = $1', [id]),
  ).rejects.toMatchObject({ code: '42501' });
});
