import { beforeEach, describe, expect, it } from 'vitest';
import type { TenantContext } from '@/db';
import { poolOf } from '@/db/connections';
import { tenantEntry } from '@/db/tenant-scope';
import { testDatabase } from '@/db/testing';
import type { Prelude } from './exchange';
import { exchange, takeConnection } from './pool';

/** What an exchange makes of answers that it should not get. */

const database = testDatabase();
let tenant: TenantContext;
beforeEach(async () => {
  tenant = await database.createTenant();
});

const statement = { text: 'select name from tenants' };

/** How an exchange ends on a connection of its own, which is closed afterwards. */
async function asked(preludes: readonly Prelude[]) {
  const { client, release } = await takeConnection(poolOf('app'));
  const outcome = await exchange(client, { preludes, statement, values: [] });
  release(new Error('of this test only'));
  return outcome;
}

describe('a scope', () => {
  const scope = () => tenantEntry(tenant).scope[0] as Prelude;
  const not = { message: expect.stringContaining('did not take the scope') };

  it('is taken when the server answers with it', async () => {
    expect(await asked([scope()])).toMatchObject({ result: { rows: [{ name: 'Acme' }] } });
  });

  it.each([
    ['another answer', () => ({ ...scope(), answer: 'another' })],
    ['no row', () => ({ text: 'select $1 where false', values: ['a'], answer: 'a' })],
    ['an empty statement', () => ({ text: '', values: [], answer: 'a' })],
    ['two columns', () => ({ text: 'select $1, $1', values: ['a'], answer: 'a' })],
  ])('was not taken when what comes is %s', async (_what, prelude) => {
    expect(await asked([scope(), prelude()])).toMatchObject({ error: not, broken: true });
    expect(await asked([prelude(), scope()])).toMatchObject({ error: not, broken: true });
  });
});
