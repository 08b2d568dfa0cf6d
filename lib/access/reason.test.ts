import { describe, expect, it } from 'vitest';
import { sql, tenantDb, withTenant } from '@/db';
import { connections } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import { forbidden, notFound, PublicError, toPublicError } from '@/lib/errors';
import { denialReasonOf, onRecord } from './reason';

const database = testDatabase();

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('the reason of a denial', () => {
  it('is a forged context when SQL tried to set another tenant, also inside another error', async () => {
    const [mine, theirs] = [await database.createTenant(), await database.createTenant('Theirs')];
    const thrown = await thrownBy(
      withTenant(mine, async (tx) => {
        await tx.execute(
          sql`select public.use_tenant(overlay(current_setting('app.tenant')
                placing ${theirs.tenantId}::text from 9))`,
        );
        await tx.select().from(connections);
      }),
    );
    expect(denialReasonOf(thrown)).toBe('forged_context');
    expect(denialReasonOf(toPublicError(thrown))).toBe('forged_context');
  });

  it('is what a refusal says, once', () => {
    expect(denialReasonOf(notFound())).toBe('not_found');
    expect(denialReasonOf(forbidden())).toBe('forbidden');
    expect(denialReasonOf(onRecord(forbidden()))).toBeUndefined();
  });

  it('is none for what refuses nobody', async () => {
    const tenant = await database.createTenant();
    const broken = await thrownBy(tenantDb(tenant).execute(sql`select 1 / ${0}::int`));
    for (const thrown of [broken, new PublicError('conflict', 'No.'), undefined, 'text']) {
      expect(denialReasonOf(thrown)).toBeUndefined();
    }
  });
});
