import { describe, expect, it } from 'vitest';
import { type AuditEventId, newId, type RunId, sql, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { testMember } from '@/lib/connections/testing';
import type { MemberContext } from '@/lib/tenancy';
import { auditBatches, auditEvent, auditPeople, browseAudit, countAudit, recordAudit } from '.';
import { auditFilter } from './contract';

const database = testDatabase();

const newMember = () => testMember(database);

function record(context: MemberContext, name: string, runId?: RunId): Promise<AuditEventId> {
  return withTenant(context, (tx) =>
    recordAudit(tx, runId ? { ...context, runId } : context, {
      action: 'automation.created',
      target: { type: 'automation', id: newId(), name },
    }),
  );
}

describe('recording', () => {
  it('does not happen when the transaction it belongs to fails', async () => {
    const context = await newMember();
    const failed = withTenant(context, async (tx) => {
      await recordAudit(tx, context, {
        action: 'automation.created',
        target: { type: 'automation', id: newId(), name: 'never' },
      });
      throw new Error('the change failed');
    });
    await expect(failed).rejects.toThrow('the change failed');
    expect((await browseAudit(context, {})).items).toEqual([]);
  });

  it('refuses an event so large that sealing it would hold up everybody', async () => {
    const context = await newMember();
    const refused = withTenant(context, (tx) =>
      tx.execute(sql`
        insert into audit_events (tenant_id, id, actor_type, actor_name, action, target_type,
                                  target_id, target_name, outcome, request_id, details)
        values (${context.tenantId}, ${newId()}, 'member', 'Mallory', 'automation.created',
                'automation', '', '', 'success', '', jsonb_build_object('a', repeat('x', 131072)))`),
    );
    await expect(refused).rejects.toThrow('row-level security policy "audit_events_size"');
    expect((await browseAudit(context, {})).items).toEqual([]);
  });

  it.each(['update', 'delete', 'truncate'])('is final: the app role may not %s', async (verb) => {
    const { rows } = await database.owner.query<{ allowed: boolean }>(
      "select has_table_privilege('tenantry_app', 'audit_events', $1) as allowed",
      [verb],
    );
    expect(rows[0]?.allowed).toBe(false);
  });
});

describe('browsing', () => {
  it('gives every event once, newest first, page by page', async () => {
    const context = await newMember();
    const names = ['one', 'two', 'three', 'four', 'five'];
    for (const name of names) await record(context, name);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const slice = await browseAudit(context, {}, cursor, 2);
      seen.push(...slice.items.map((event) => event.targetName));
      cursor = slice.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(names.toReversed());
  });

  it('shows the events that a filter names', async () => {
    const context = await newMember();
    const runId = newId<RunId>();
    await record(context, 'within', runId);
    await record(context, 'without');
    const { items } = await browseAudit(context, { run: runId });
    expect(items.map((event) => event.targetName)).toEqual(['within']);
  });

  it('takes the last moment of the day that a date filter ends with', async () => {
    const context = await newMember();
    await record(context, 'today');
    const today = new Date().toISOString().slice(0, 10);
    expect((await browseAudit(context, { from: today, to: today })).items).toHaveLength(1);
    expect((await browseAudit(context, { to: '2020-01-01' })).items).toHaveLength(0);
  });

  it.each(['0000-01-01', '9999-12-31'])('takes any day of the calendar: %s', async (day) => {
    const context = await newMember();
    await record(context, 'some day');
    for (const filter of [{ from: day }, { to: day }]) {
      const { items } = await browseAudit(context, auditFilter.parse(filter));
      expect(items.length).toBeLessThanOrEqual(1);
    }
  });

  it('refuses a cursor that is not ours', async () => {
    const context = await newMember();
    await expect(browseAudit(context, {}, 'bm90IG91cnM')).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it("shows nothing of another tenant's record", async () => {
    const [mine, theirs] = [await newMember(), await newMember()];
    await record(theirs, 'private');
    expect((await browseAudit(mine, {})).items).toEqual([]);
    expect((await auditPeople(mine)).map((person) => person.id)).toEqual([mine.userId]);
  });
});

describe('one event', () => {
  it("of another tenant's is refused in the words for one that does not exist", async () => {
    const [mine, theirs] = [await newMember(), await newMember()];
    const foreign = await record(theirs, 'private');
    const refusals = await Promise.all(
      [foreign, newId<AuditEventId>()].map((id) => auditEvent(mine, id).catch((error) => error)),
    );
    expect(refusals[0]).toMatchObject({ code: 'not_found', message: refusals[1].message });
  });
});

describe('all that a filter shows', () => {
  it('comes whole, newest first, and is counted', async () => {
    const context = await newMember();
    const runId = newId<RunId>();
    for (const name of ['one', 'two']) await record(context, name, runId);
    await record(context, 'without');
    const names: string[] = [];
    for await (const batch of auditBatches(context, { run: runId })) {
      names.push(...batch.map(({ targetName }) => targetName));
    }
    expect(names).toEqual(['two', 'one']);
    expect(await countAudit(context, { run: runId })).toBe(2);
  });
});
