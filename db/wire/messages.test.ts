import { beforeEach, describe, expect, it } from 'vitest';
import { sql, type TenantContext, tenantDb } from '@/db';
import { testDatabase } from '@/db/testing';

/** How values are written down, by what the server makes of them. */

const database = testDatabase();
let tenant: TenantContext;
beforeEach(async () => {
  tenant = await database.createTenant();
});

const asked = async (query: ReturnType<typeof sql>) =>
  (await tenantDb(tenant).execute(query)).rows[0];

describe('a text', () => {
  it.each([
    ['is empty', ''],
    ['takes a byte a letter', 'invoice'],
    ['takes two', 'Prüfung'],
    ['takes three', '請求書'],
    ['takes four', '🧾'],
    ['is as long as short ones get', '請'.repeat(999)],
    ['is a letter longer', '請'.repeat(1_000)],
    ['is long', '🧾 Prüfung '.repeat(100_000)],
  ])('arrives whole that %s', async (_what, text) => {
    const query = sql`select ${text}::text as text, ${'behind'}::text as behind`;
    expect(await asked(query)).toEqual({ text, behind: 'behind' });
  });

  it('arrives with the sign for what is no letter in place of half of one', async () => {
    const query = sql`select ${'a\ud83eb'}::text as text, ${'behind'}::text as behind`;
    expect(await asked(query)).toEqual({ text: 'a\ufffdb', behind: 'behind' });
  });
});

describe('bytes', () => {
  const bytes = Buffer.from([0, 1, 254, 255]);

  it('arrive as they are, between texts and nothing at all', async () => {
    const query = sql`select ${'first'}::text as first, ${bytes}::bytea as bytes,
      ${null}::text as nothing, ${Buffer.alloc(0)}::bytea as none, ${'last'}::text as last`;
    const expected = { first: 'first', bytes, nothing: null, none: Buffer.alloc(0), last: 'last' };
    expect(await asked(query)).toEqual(expected);
  });
});
