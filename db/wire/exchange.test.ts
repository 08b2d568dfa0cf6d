import { beforeEach, describe, expect, it } from 'vitest';
import type { TenantContext } from '@/db';
import { poolOf, resetConnections } from '@/db/connections';
import { tenantEntry } from '@/db/tenant-scope';
import { testDatabase } from '@/db/testing';
import { message, typeOf } from '@/db/testing/frames';
import type { Prelude } from './exchange';
import { exchange, takeConnection } from './pool';
import { startBetween } from './testing/between';

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

describe('a named statement', () => {
  /** Run before and after something has happened to its connection, which is closed then. */
  async function twice(meanwhile: (run: (text: string) => Promise<unknown>) => Promise<unknown>) {
    const { client, release } = await takeConnection(poolOf('app'));
    const named = {
      preludes: [],
      statement: { name: 'exchange_test_named', text: 'select * from changing' },
      values: [],
    };
    const first = await exchange(client, named);
    await meanwhile((text) => client.query(text));
    const second = await exchange(client, named);
    release(new Error('of this test only'));
    return { first, second };
  }

  beforeEach(async () => {
    await database.owner.query(`
      drop table if exists changing;
      create table changing as select 1 as one;
      grant select on changing to tenantry_app`);
  });

  it('costs the connection when its answer would look otherwise than before', async () => {
    const { first, second } = await twice(() =>
      database.owner.query('alter table changing alter one type text'),
    );
    expect(first).toMatchObject({ result: { rows: [{ one: 1 }] }, broken: false });
    expect(second).toMatchObject({ error: { code: '0A000' }, broken: true });
  });

  it('costs the connection when the server does not know it any more', async () => {
    const { second } = await twice((run) => run('deallocate all'));
    expect(second).toMatchObject({ error: { code: '26000' }, broken: true });
  });

  it('costs the connection when the server knows another one of its name', async () => {
    const { client, release } = await takeConnection(poolOf('app'));
    await client.query('prepare exchange_test_other as select 1');
    const statement = { name: 'exchange_test_other', text: 'select 2' };
    const outcome = await exchange(client, { preludes: [], statement, values: [] });
    release(new Error('of this test only'));
    expect(outcome).toMatchObject({ error: { code: '42P05' }, broken: true });
  });

  it('costs nothing when it fails for another reason', async () => {
    const { second } = await twice(() => database.owner.query('drop table changing'));
    expect(second).toMatchObject({ error: { code: '42P01' }, broken: false });
  });
});

describe('a whole answer', () => {
  /** How an exchange ends when something stands between here and the server. */
  async function by(answer: (frame: Buffer) => Buffer) {
    let meddling = false;
    const between = await startBetween(database.urls.app, {
      answer: (frame) => (meddling ? answer(frame) : frame),
    });
    await resetConnections({ ...database.urls, app: between.url });
    const { client, release } = await takeConnection(poolOf('app'));
    meddling = true;
    const outcome = await exchange(client, {
      preludes: tenantEntry(tenant).scope,
      statement,
      values: [],
    });
    release(new Error('of this test only'));
    await resetConnections(database.urls);
    await between.close();
    return outcome;
  }

  const completes = (frame: Buffer) => typeOf(frame) === 'C' && frame.includes('SELECT 1');

  it('is passed on as it is', async () => {
    expect(await by((frame) => frame)).toMatchObject({ result: { rows: [{ name: 'Acme' }] } });
  });

  it('is not one with fewer statements than were sent', async () => {
    let completed = 0;
    const outcome = await by((frame) => {
      if (completes(frame)) completed += 1;
      return completes(frame) && completed === 2 ? Buffer.alloc(0) : frame;
    });
    expect(outcome).toMatchObject({
      error: { message: expect.stringContaining('another number') },
      broken: true,
    });
  });

  it('is not one that the server has stopped in the middle of', async () => {
    let completed = 0;
    const outcome = await by((frame) => {
      if (completes(frame)) completed += 1;
      return completes(frame) && completed === 2 ? message('s', Buffer.alloc(0)) : frame;
    });
    expect(outcome).toMatchObject({
      error: { message: expect.stringContaining('suspended a portal') },
      broken: true,
    });
  });
});
