import { readFileSync } from 'node:fs';
import { Client, type ClientBase } from 'pg';
import { prepareDatabase, secretsOf, secureDatabase } from '@/db/migrate';
import { type ServingRole, servingRoles } from '@/db/schema/roles';
import { type Pooler, startPooler } from '@/db/testing/pooler';
import { databaseName } from '@/db/testing/server';
import { type ServingAccess, withDatabase } from '@/db/urls';
import { type Actor, borrowedActor, Listener, loginActor } from './actors';
import { type Catalogue, type Relation, readCatalogue } from './catalogue';
import { type ActorKey, actors, insertedColumns, roleOf } from './expected';
import { Filler, type Holding, insertOf } from './fill';
import { newMark } from './marks';
import { externalServer, ownServer } from './servers';
import { tokenOf } from './tokens';

/** By which way the serving roles reach the database. */
export const ways = ['direct', 'pooler'] as const;
export type Way = (typeof ways)[number];

/** What every case needs: two tenants with rows in every table, and a key to sign tokens with. */
export interface Ground {
  readonly catalogue: Catalogue;
  readonly filler: Filler;
  /** Whose rows must not come out. */
  readonly victim: Holding;
  /** Who tries. */
  readonly attacker: Holding;
  readonly key: string;
  /** Good tokens of the two. */
  readonly tokens: { readonly victim: string; readonly attacker: string };
}

/** Fill a database for two tenants. `client` must be past row security. */
export async function prepareGround(
  client: ClientBase,
  key: string,
  insert: (relation: Relation, text: string, values: unknown[], token: string) => Promise<void>,
): Promise<Ground> {
  const catalogue = await readCatalogue(client);
  const filler = await Filler.create(client, catalogue);
  const shared = new Map();
  const holdings: Holding[] = [];
  for (const name of ['victim', 'attacker']) {
    const mark = newMark(name);
    holdings.push(
      await filler.hold(mark, shared, async (relation, row) => {
        const given = insertedColumns(relation);
        const { text, values } = insertOf(
          relation,
          Object.fromEntries(Object.entries(row).filter(([name]) => given.includes(name))),
        );
        await insert(relation, text, values, tokenOf(key, mark));
      }),
    );
  }
  const [victim, attacker] = holdings as [Holding, Holding];
  const tokens = { victim: tokenOf(key, victim.mark), attacker: tokenOf(key, attacker.mark) };
  return { catalogue, filler, victim, attacker, key, tokens };
}

/** A migrated database of the suite's own, filled for two tenants. */
export interface Place extends Ground {
  readonly name: string;
  readonly url: string;
  /** The superuser: arranges, and looks past row security. */
  readonly owner: Client;
  readonly access: ServingAccess;
  /** A new login as the role. */
  login(role: ServingRole, way?: Way): Promise<Actor & Listener>;
  /**
   * Everybody whom the matrix asks as, the owner by SET ROLE. Behind a pooler only the role whose
   * rights hang on a setting: for the others it makes no difference.
   */
  everybody(way: Way): Promise<ReadonlyMap<ActorKey, Actor>>;
  pooler(role: ServingRole): Promise<Pooler>;
  /** What a start does to the database that it finds. */
  prepare(): Promise<void>;
  /** Lines that the server has logged so far. */
  log(): string;
  close(): Promise<void>;
}

/** What a run is told: SQL that takes a defence away, for the command that expects it to be noticed. */
const sabotage = (): string | undefined => {
  const file = process.env.ISOLATION_SABOTAGE;
  return file ? readFileSync(file, 'utf8') : undefined;
};

/** Make a place to attack. Close it. */
export async function openPlace(): Promise<Place> {
  const external = process.env.ISOLATION_SERVER;
  const server = external ? await externalServer(external) : await ownServer();
  const name = databaseName();
  const url = withDatabase(server.url, name);
  const access = await server.make(name);
  const owner = new Client(url);
  await owner.connect();
  await secureDatabase(owner);
  const taken = sabotage();
  if (taken) await owner.query(taken);
  const ground = await prepareGround(owner, access.contextKey, async (_relation, text, values) => {
    await owner.query(text, values);
  });
  const open: Actor[] = [];
  const poolers = new Map<ServingRole, Pooler>();
  const pooler = async (role: ServingRole) => {
    const found = poolers.get(role) ?? (await startPooler(access[role], 3));
    poolers.set(role, found);
    return found;
  };
  const login: Place['login'] = async (role, way = 'direct') => {
    const target = way === 'pooler' ? (await pooler(role)).url : access[role];
    const actor = await loginActor(servingRoles[role], target);
    open.push(actor);
    return actor;
  };
  return {
    ...ground,
    name,
    url,
    owner,
    access,
    login,
    pooler,
    log: server.log,
    prepare: async () => {
      await prepareDatabase({ ownerUrl: url, secrets: secretsOf(access) });
    },
    async everybody(way) {
      const all = new Map<ActorKey, Actor>();
      for (const key of way === 'pooler' ? (['app'] as const) : actors) {
        all.set(key, key === 'owner' ? await actingOwner(url, open) : await login(key, way));
      }
      return all;
    },
    async close() {
      await Promise.allSettled(open.map((actor) => actor.close()));
      await Promise.all([...poolers.values()].map((one) => one.close()));
      await owner.end();
      await server.stop();
    },
  };
}

/** The role that owns the tables cannot log in: a superuser acts as it. */
async function actingOwner(url: string, open: Actor[]): Promise<Actor> {
  const client = new Client(url);
  await client.connect();
  const borrowed = borrowedActor(roleOf('owner'), new Listener(client));
  const work: Actor['work'] = async (token, fn) => {
    await client.query('begin');
    try {
      return await borrowed.work(token, fn);
    } finally {
      await client.query('rollback');
    }
  };
  const ask: Actor['ask'] = (token, text, values) => work(token, (run) => run(text, values));
  const actor = { ...borrowed, work, ask, close: () => client.end() };
  open.push(actor);
  return actor;
}
