import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId, sql, type TenantContext, withTenant } from '@/db';
import { poolOf, resetConnections } from '@/db/connections';
import { contextToken, signContext } from '@/db/context-token';
import { prepareContext } from '@/db/migration/context';
import { createTestDatabase, testDatabase } from '@/db/testing';

const database = testDatabase();

let mine: TenantContext;
let theirs: TenantContext;

beforeAll(async () => {
  mine = await database.createTenant('Mine');
  theirs = await database.createTenant('Theirs');
});

const soon = () => Math.floor(Date.now() / 1_000) + 60;
const key = () => database.urls.contextKey;

/** What the app role reads with this setting, without a door in between. */
async function seenWith(token: string, first = 'select'): Promise<unknown> {
  const client = await poolOf('app').connect();
  try {
    await client.query('begin');
    await client.query(first);
    await client.query('select public.use_tenant($1)', [token]);
    const { rows } = await client.query('select name from tenants');
    return rows.map(({ name }) => name);
  } catch (error) {
    return (error as { code?: string }).code;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

describe('a tenant context', () => {
  it('shows its own tenant', async () => {
    expect(await seenWith(signContext(key(), mine.tenantId, soon()))).toEqual(['Mine']);
  });

  it('that is not there shows nothing', async () => {
    expect(await seenWith('')).toEqual([]);
  });

  it.each<[string, () => string]>([
    ['is the bare id of a tenant', () => theirs.tenantId],
    ['is signed with another key', () => signContext(randomKey(), theirs.tenantId, soon())],
    [
      'names our key and is signed with another',
      () => {
        const forged = signContext(randomKey(), theirs.tenantId, soon());
        return contextToken(key(), mine.tenantId).slice(0, 8) + forged.slice(8);
      },
    ],
    [
      'has the tenant exchanged',
      () => contextToken(key(), mine.tenantId).replace(mine.tenantId, theirs.tenantId),
    ],
    ['has its end put off', () => later(signContext(key(), mine.tenantId, soon()))],
    ['has expired', () => signContext(key(), mine.tenantId, soon() - 61)],
    ['is cut short', () => contextToken(key(), mine.tenantId).slice(0, -1)],
    ['is longer than it should be', () => `${contextToken(key(), mine.tenantId)}=`],
    ['is anything at all', () => randomBytes(80).toString('base64')],
  ])('that %s is an error', async (_what, token) => {
    expect(await seenWith(token())).toBe('TC001');
  });

  it('holds to the end of a transaction that began in time', async () => {
    const client = await poolOf('app').connect();
    try {
      await client.query('begin');
      const ends = Math.floor(Date.now() / 1_000) + 1;
      await client.query('select public.use_tenant($1)', [signContext(key(), mine.tenantId, ends)]);
      await client.query("select pg_sleep_until(to_timestamp($1) + interval '0.1 s')", [ends]);
      expect((await client.query('select name from tenants')).rows).toEqual([{ name: 'Mine' }]);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});

const randomKey = () => randomBytes(32).toString('base64url');
const later = (token: string) => token.slice(0, 44) + String(soon() + 9_000) + token.slice(54);

describe('SQL that gets into a statement', () => {
  const victim = () => sql.raw(`'${theirs.tenantId}'`);
  const forged = () => sql.raw(`'${signContext(randomKey(), theirs.tenantId, soon())}'`);

  it.each([
    [
      'once, before the rows are read',
      () => sql`with s as materialized (select public.use_tenant(${forged()}))
                select t.name from s, tenants t`,
    ],
    [
      'for every row of another',
      () => sql`select t.name from generate_series(1, 3) n
                cross join lateral (select public.use_tenant(
                  case n when 1 then current_setting('app.tenant') else ${forged()} end)) s
                cross join lateral (select name from tenants t where n > 0 and s is not null) t`,
    ],
    [
      'in the condition',
      () => sql`select name from tenants
                 where public.use_tenant(${forged()}) is not null
                    or id = ${victim()}::uuid`,
    ],
    ['under its former name', () => sql`select set_config('app.tenant_id', ${victim()}, true)`],
  ])('%s reaches no other tenant', async (_how, statement) => {
    const names: unknown[] = [];
    await withTenant(mine, async (tx) => {
      for (const text of [statement(), sql`select name from tenants`]) {
        const result = await tx.execute<{ name?: string }>(text);
        names.push(...result.rows.map(({ name }) => name));
      }
    }).catch((error) => expect(['TC001', '42501']).toContain(error.code));
    expect(names).not.toContain('Theirs');
  });

  it('cannot write for another tenant', async () => {
    const writing = withTenant(mine, (tx) =>
      tx.execute(sql`with s as materialized (select public.use_tenant(${forged()}))
        insert into invitations (tenant_id, id, email, role, token_hash, invited_by, expires_at)
        select ${victim()}::uuid, ${newId()}::uuid, 'x@example.com', 'owner', 'x', ${newId()}::uuid, now()
          from s`),
    );
    await expect(writing).rejects.toMatchObject({ code: 'TC001' });
  });

  it.each([
    'select key from private.context_keys',
    "select private.context_key('x')",
    "select private.hmac('a', 'b', 'sha256')",
  ])('cannot get at the key: %s', async (text) => {
    const reading = withTenant(mine, (tx) => tx.execute(sql.raw(text)));
    await expect(reading).rejects.toMatchObject({ code: '42501' });
  });
});

describe('the function that checks it', () => {
  it('goes by no name that its caller has put in the way', async () => {
    await database.owner.query(`create schema shadow;
      create function shadow.equal(text, text) returns boolean language sql return true;
      create operator shadow.= (leftarg = text, rightarg = text, function = shadow.equal);
      create function shadow.substr(text, integer) returns text language sql return '';
      grant usage on schema shadow to tenantry_app`);
    const forged = signContext(randomKey(), theirs.tenantId, soon());
    expect(await seenWith(forged, 'set local search_path = shadow, pg_catalog, public')).toBe(
      'TC001',
    );
  });

  it('gives its key to no log', async () => {
    const token = signContext(key(), mine.tenantId, soon());
    await resetConnections(database.urls);
    expect(await seenWith(token, 'set local debug_print_plan = on')).toBe('TC001');
    expect(await seenWith(token)).toEqual(['Mine']);
  });
});

describe('a new key', () => {
  it('is accepted beside the one before it, and the one before that no more', async () => {
    const own = await createTestDatabase();
    try {
      const { tenantId } = await own.createTenant('Mine');
      const [first, second, third] = [own.urls.contextKey, randomKey(), randomKey()];
      const works = (which: string) => seenWith(signContext(which, tenantId, soon()));
      await own.owner.query('set role tenantry_owner');
      await prepareContext(own.owner, second);
      expect(await works(first)).toEqual(['Mine']);
      expect(await works(second)).toEqual(['Mine']);
      // As long as there are two: what names neither is told from what is not there.
      expect(await seenWith('')).toEqual([]);
      for (const none of [tenantId, 'x', signContext(third, tenantId, soon())]) {
        expect(await seenWith(none), none).toBe('TC001');
      }
      await prepareContext(own.owner, third);
      expect(await works(first)).toBe('TC001');
      expect(await works(second)).toEqual(['Mine']);
      expect(await works(third)).toEqual(['Mine']);
    } finally {
      await own.close();
      await resetConnections(database.urls);
    }
  });
});
