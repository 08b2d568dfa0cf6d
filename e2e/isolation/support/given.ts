import type { Client } from 'pg';
import { type CatalogueCheck, inspectWith } from '@/db/catalogue';
import { ownerRole } from '@/db/schema/roles';
import { connectGiven, givenKey } from '@/db/testing/given';
import { type Actor, borrowedActor, Listener } from './actors';
import { type Catalogue, type Relation, readCatalogue } from './catalogue';
import { type ActorKey, actors, grantedColumns, insertedColumns, roleOf } from './expected';
import { type Ground, prepareGround } from './place';
import { servingRoleKeys } from './roles';

/** A database that is there, looked at over one connection that acts in the place of each role. */
export interface Given {
  readonly client: Client;
  readonly catalogue: Catalogue;
  readonly key: string;
  readonly postgres: string;
  /** Look at the catalogue in a READ ONLY transaction, as the owner or a superuser. */
  inspect(): Promise<readonly CatalogueCheck[]>;
  /** Work in a READ ONLY transaction; whether anything was written all the same is found out. */
  reading<T>(work: (actor: (key: ActorKey) => Actor) => Promise<T>): Promise<T>;
  /** Two tenants made up in a transaction that is rolled back. */
  writing<T>(
    work: (ground: Ground, everybody: ReadonlyMap<ActorKey, Actor>) => Promise<T>,
  ): Promise<T>;
  close(): Promise<void>;
}

/** Milliseconds for one statement: nobody who works there is to wait for us. */
const limits =
  "set local statement_timeout = '30s'; set local lock_timeout = '2s'; set local search_path = public, pg_temp";

/** @throws GivenDatabaseError */
export async function openGiven(url: string): Promise<Given> {
  const client = await connectGiven(url);
  const listener = new Listener(client);
  const actor = (key: ActorKey) => borrowedActor(roleOf(key), listener);
  const catalogue = await readCatalogue(client);
  const key = await givenKey(client);
  const { rows } = await client.query<{ version: string }>(
    "select current_setting('server_version') as version",
  );
  return {
    client,
    catalogue,
    key,
    postgres: rows[0]?.version.split(' ')[0] ?? '',
    async inspect() {
      await client.query(`begin isolation level repeatable read read only; ${limits}`);
      try {
        if (!(await isSuperuser(client))) await client.query(`set local role ${ownerRole}`);
        return await inspectWith(client);
      } finally {
        await client.query('rollback');
      }
    },
    async reading(work) {
      await client.query(`begin isolation level repeatable read read only; ${limits}`);
      try {
        const done = await work(actor);
        const { rows: ids } = await client.query<{ id: string | null }>(
          'select pg_current_xact_id_if_assigned()::text as id',
        );
        if (ids[0]?.id) throw new Error('Something was written in a READ ONLY transaction.');
        return done;
      } finally {
        await client.query('rollback');
      }
    },
    async writing(work) {
      await client.query(`begin; ${limits}`);
      try {
        const ground = await prepareGround(client, key, insertingAs(client));
        return await work(ground, new Map(actors.map((each) => [each, actor(each)])));
      } finally {
        await client.query('rollback');
      }
    },
    close: () => client.end(),
  };
}

async function isSuperuser(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ super: boolean }>(
    'select rolsuper as super from pg_roles where rolname = current_user',
  );
  return rows[0]?.super === true;
}

/**
 * A superuser inserts as itself; for another login, the first role that may, since row security
 * holds for the owner too.
 */
function insertingAs(client: Client) {
  return async (
    relation: Relation,
    text: string,
    values: unknown[],
    token: string,
  ): Promise<void> => {
    const role = servingRoleKeys.find(
      (key) =>
        insertedColumns(relation).length > 0 &&
        insertedColumns(relation).every((one) =>
          grantedColumns(relation, key, 'insert').includes(one),
        ),
    );
    const as = (await isSuperuser(client)) ? undefined : roleOf(role ?? 'owner');
    if (as) await client.query(`set local role ${as}`);
    await client.query('select public.use_tenant($1)', [token]);
    await client.query(text, values);
    if (as) await client.query('reset role');
    await client.query("select public.use_tenant('')");
  };
}
