import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type MemberContext, recordSupportView } from '@/lib/tenancy';
import { supportWorld } from './testing';

const world = supportWorld();
const { run, start, ask, events } = world;

describe('what is looked at', () => {
  const at = (form: 'page' | 'route', path: string) =>
    ({ form, method: 'GET', path, search: '?state=failed' }) as const;

  async function inSession(): Promise<MemberContext> {
    const id = await start();
    const open = await ask(id);
    if (!open) throw new Error('no session');
    const actor = { type: 'staff', id: world.sam.userId, name: world.sam.name } as const;
    return {
      ...world.owner,
      userId: world.sam.userId,
      role: 'support',
      actor,
      support: open.entry,
    };
  }

  it('is one event for each page that is opened, and one for data that a page asks for over and over', async () => {
    const context = await inSession();
    await recordSupportView(context, at('page', '/runs'));
    await recordSupportView(context, at('page', '/runs'));
    for (let time = 0; time < 5; time += 1)
      await recordSupportView(context, at('route', '/api/runs'));
    const seen = await run(
      `select target_type, target_id, details from audit_events where tenant_id = $1 and action = 'support.viewed' order by id`,
      world.tenantId,
    );
    expect(seen.rows.map(({ target_type, target_id }) => `${target_type} ${target_id}`)).toEqual([
      'page /runs',
      'page /runs',
      'data /api/runs',
    ]);
    expect(seen.rows[0]?.details).toEqual({
      session: context.support?.id,
      search: '?state=failed',
    });
  });

  it('is told from every other look, however long its address', async () => {
    const context = await inSession();
    const place = (tail: string) => ({
      ...at('route', '/api/runs'),
      search: `?pad=${'x'.repeat(600)}&${tail}`,
    });
    for (const tail of ['cursor=1', 'cursor=2', 'state=failed', 'cursor=1']) {
      await recordSupportView(context, place(tail));
    }
    const { rows } = await run(
      `select details ->> 'search' as search from audit_events
        where tenant_id = $1 and action = 'support.viewed' order by id`,
      world.tenantId,
    );
    const digests = ['cursor=1', 'cursor=2', 'state=failed'].map((tail) =>
      createHash('sha256').update(place(tail).search).digest('hex'),
    );
    expect(rows.map(({ search }) => search.slice(-64))).toEqual(digests);
    for (const { search } of rows) expect(search).toMatch(/^\?pad=x{100,} … sha256 .{64}$/);
  });

  it('is kept whole as long as it may be', async () => {
    const context = await inSession();
    const search = `?q=${'y'.repeat(497)}`;
    await recordSupportView(context, { ...at('route', '/api/runs'), search });
    const { rows } = await run(
      `select details ->> 'search' as search from audit_events
        where tenant_id = $1 and action = 'support.viewed'`,
      world.tenantId,
    );
    expect(rows).toEqual([{ search }]);
  });

  it('is new after it has rested', async () => {
    const context = await inSession();
    await recordSupportView(context, at('route', '/api/runs'));
    await run(
      `update support_views set seen_at = now() - interval '3 minutes' where tenant_id = $1`,
      world.tenantId,
    );
    await recordSupportView(context, at('route', '/api/runs'));
    expect((await events()).filter((each) => each.startsWith('support.viewed'))).toHaveLength(2);
  });
});
