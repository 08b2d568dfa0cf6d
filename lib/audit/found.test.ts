import { describe, expect, it } from 'vitest';
import {
  type AuditEventId,
  and,
  desc,
  eq,
  newId,
  record as store,
  type TenantContext,
  withTenant,
} from '@/db';
import { auditEvents } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import { testMember } from '@/lib/connections/testing';
import type { MemberContext } from '@/lib/tenancy';
import { browseAudit, countAudit, eventsFound, recordAudit } from '.';

const database = testDatabase();

const newMember = () => testMember(database);

type Transaction = Parameters<Parameters<typeof withTenant>[1]>[0];

const recordIn = (tx: Transaction, context: MemberContext, name: string) =>
  recordAudit(tx, context, {
    action: 'automation.created',
    target: { type: 'automation', id: newId(), name },
  });
const record = (context: MemberContext, name: string): Promise<AuditEventId> =>
  withTenant(context, (tx) => recordIn(tx, context, name));

/** A round of the sealing that makes no leaves: what is found is not the trees' matter. */
const sealSome = (limit: number) => store.sealNext(limit, async () => ({ trees: [], delayed: [] }));

async function seal(): Promise<void> {
  for (let more = true; more; ) ({ more } = await sealSome(1_000));
}

const filter = { action: 'automation.created' } as const;

/** Names of what the filter shows, newest first, by pages of two. */
async function listed(context: MemberContext): Promise<readonly string[]> {
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const slice = await browseAudit(context, filter, cursor, 2);
    names.push(...slice.items.map(({ targetName }) => targetName));
    cursor = slice.nextCursor ?? undefined;
  } while (cursor);
  return names;
}

/** Events of everybody that stand neither in the index nor in the tail; there must never be one. */
async function lost(): Promise<number> {
  const { rows } = await database.owner.query<{ lost: number }>(
    `select count(*)::int as lost from audit_events e
      where not exists (select from audit_index i where i.tenant_id = e.tenant_id and i.id = e.id)
        and not (e.written_in >= public.audit_tail_from() and e.written_in <= public.audit_tail_to())`,
  );
  return rows[0]?.lost ?? -1;
}

/** How many of a tenant's events stand in the index, and how many in the tail. */
async function places({ tenantId }: TenantContext) {
  const { rows } = await database.owner.query<{ indexed: number; tail: number }>(
    `select (select count(*)::int from audit_index where tenant_id = $1) as indexed,
            (select count(*)::int from audit_events where tenant_id = $1
                and written_in >= public.audit_tail_from()
                and written_in <= public.audit_tail_to()) as tail`,
    [tenantId],
  );
  return rows[0];
}

/** A transaction that has written an event and is left open. */
async function openTransaction(context: MemberContext, name: string) {
  let end: (failure?: Error) => void = () => {};
  const ending = new Promise<void>((resolve, reject) => {
    end = (failure) => (failure ? reject(failure) : resolve());
  });
  let written = () => {};
  const begun = new Promise<void>((resolve) => {
    written = resolve;
  });
  const whole = withTenant(context, async (tx) => {
    await recordIn(tx, context, name);
    // The event travels with the next statement.
    await tx.select({ id: auditEvents.id }).from(auditEvents).where(own(context)).limit(1);
    written();
    await ending;
  });
  await begun;
  return { whole, end };
}

const own = ({ tenantId }: TenantContext) => eq(auditEvents.tenantId, tenantId);

describe('what a filter shows', () => {
  it('is all of it, whether the sealing has come to it or not', async () => {
    const context = await newMember();
    for (const name of ['one', 'two', 'three']) await record(context, name);
    expect(await listed(context)).toEqual(['three', 'two', 'one']);
    await seal();
    expect(await places(context)).toMatchObject({ indexed: 3 });
    for (const name of ['four', 'five']) await record(context, name);
    expect(await places(context)).toMatchObject({ indexed: 3 });
    expect(await listed(context)).toEqual(['five', 'four', 'three', 'two', 'one']);
    expect(await countAudit(context, filter)).toBe(5);
  });

  it('holds what the same transaction has written', async () => {
    const context = await newMember();
    await seal();
    const names = await withTenant(context, async (tx) => {
      await recordIn(tx, context, 'own');
      const asked = eventsFound((of) => [
        eq(of.tenantId, context.tenantId),
        eq(of.action, filter.action),
      ]);
      return tx
        .select({ name: auditEvents.targetName })
        .from(auditEvents)
        .where(and(own(context), asked))
        .orderBy(desc(auditEvents.id));
    });
    expect(names).toEqual([{ name: 'own' }]);
  });

  it('holds an event whose transaction ends after later ones were sealed', async () => {
    const context = await newMember();
    const late = await openTransaction(context, 'late');
    await record(context, 'early');
    await seal();
    // What is in both is shown and counted once.
    expect(await places(context)).toEqual({ indexed: 1, tail: 1 });
    expect(await listed(context)).toEqual(['early']);
    expect(await countAudit(context, filter)).toBe(1);
    late.end();
    await late.whole;
    expect(await lost()).toBe(0);
    expect(await listed(context)).toEqual(['early', 'late']);
    await seal();
    expect(await places(context)).toMatchObject({ indexed: 2 });
    expect(await listed(context)).toEqual(['early', 'late']);
  });

  it('has a short tail again once a long transaction is given up', async () => {
    const [context, other] = [await newMember(), await newMember()];
    const never = await openTransaction(context, 'never');
    for (const name of ['one', 'two']) await record(context, name);
    await seal();
    expect(await places(context)).toEqual({ indexed: 2, tail: 2 });
    never.end(new Error('given up'));
    await expect(never.whole).rejects.toThrow('given up');
    // Transactions of other databases of the cluster hold it open as well, and end.
    await expect
      .poll(async () => {
        await record(other, 'next');
        await seal();
        return places(context);
      })
      .toMatchObject({ indexed: 2 });
    expect(await listed(context)).toEqual(['two', 'one']);
  });

  it('is whole between the batches of a round, and what comes meanwhile is in it', async () => {
    const context = await newMember();
    await seal();
    const names = ['one', 'two', 'three', 'four'];
    for (const name of names) await record(context, name);
    for (const name of ['five', 'six', 'seven']) {
      await sealSome(1);
      expect(await lost()).toBe(0);
      names.push(name);
      await record(context, name);
      expect(await listed(context)).toEqual(names.toReversed());
      expect(await countAudit(context, filter)).toBe(names.length);
    }
    await seal();
    expect(await places(context)).toMatchObject({ indexed: 7 });
  });

  it('loses nothing while several write, several seal and some give up', async () => {
    const context = await newMember();
    let going = true;
    const sealing = Array.from({ length: 3 }, async () => {
      while (going) await sealSome(3);
    });
    const watching = (async () => {
      for (let looks = 0; going; looks += 1) expect(await lost(), `look ${looks}`).toBe(0);
    })();
    const one = async (at: number) => {
      if (at % 5 > 0) return record(context, `${at}`);
      const { whole, end } = await openTransaction(context, `${at}`);
      end(at % 10 === 0 ? new Error('given up') : undefined);
      return whole.catch(() => {});
    };
    try {
      for (let at = 0; at < 60; at += 6) {
        await Promise.all([0, 1, 2, 3, 4, 5].map((offset) => one(at + offset)));
      }
    } finally {
      going = false;
      await Promise.all([...sealing, watching]);
    }
    // Six of sixty gave up.
    expect(await countAudit(context, filter)).toBe(54);
    expect(new Set(await listed(context)).size).toBe(54);
    await seal();
    expect(await places(context)).toMatchObject({ indexed: 54 });
  });

  it('is found by the index although no leaf can be made', async () => {
    const context = await newMember();
    await record(context, 'waits');
    await store.sealNext(1_000, async (events) => ({
      trees: [],
      delayed: events.map(({ tenantId, id }) => ({ tenantId, id, reason: 'test' })),
    }));
    await seal();
    expect(await places(context)).toMatchObject({ indexed: 1 });
    expect(await listed(context)).toEqual(['waits']);
  });

  it('keeps nobody waiting for an event that is too long for an index', async () => {
    const [sender, other] = [await newMember(), await newMember()];
    const letters = Array.from({ length: 4_000 }, () => newId().slice(-2)).join('');
    await withTenant(sender, (tx) => recordIn(tx, { ...sender, requestId: letters }, 'long'));
    await record(other, 'other');
    await seal();
    expect(await places(sender)).toMatchObject({ indexed: 1 });
    expect(await listed(other)).toEqual(['other']);
  });
});

describe('in another cluster, where transactions count anew', () => {
  /** As it is after a restore: what was written has numbers that mean nothing here. */
  const restore = () =>
    database.owner.query(
      `update audit_events set written_in = (9000000 + written_in::text::bigint)::text::xid8;
       update record_progress set cluster = 'another', done = '9900000:9900000:'`,
    );

  it('everything is found before the first round and after it', async () => {
    const context = await newMember();
    await record(context, 'indexed');
    await seal();
    await record(context, 'not indexed');
    await restore();
    await record(context, 'after');
    expect(await lost()).toBe(0);
    expect(await listed(context)).toEqual(['after', 'not indexed', 'indexed']);
    expect(await countAudit(context, filter)).toBe(3);
    await seal();
    expect(await places(context)).toMatchObject({ indexed: 3 });
    await record(context, 'later');
    // Not what was restored, whose numbers are to come yet.
    expect((await places(context))?.tail).toBeLessThanOrEqual(2);
    expect(await lost()).toBe(0);
    expect(await listed(context)).toEqual(['later', 'after', 'not indexed', 'indexed']);
  });
});
