import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { Pool } from 'pg';
import { v7 } from 'uuid';
import { localDatabaseUrls } from '@/db/local';
import { directoryStore } from '@/lib/objects';
import type { TestServer } from '../server';
import { Caller, type CallerName, outcomeOf, type Rank, ranks, type Watch } from './caller';
import { plantFactor } from './factor';
import { authSecret, type Claims, sealed } from './token';
import { makeWorld, plant, plantPerson, tenantTables, type World } from './world';

export interface Tenant {
  readonly id: string;
  /** Stands in every text of theirs. */
  readonly mark: string;
  readonly members: Readonly<Record<Rank, Caller>>;
  /** One of everything, such as the product makes it. */
  readonly world: World;
}

export interface Cast {
  readonly pool: Pool;
  readonly server: TestServer;
  /** Who attacks: all that they get is searched for the victim's mark. */
  readonly attacker: Tenant;
  readonly victim: Tenant;
  /** Staff, somebody of no organisation, and somebody who is not signed in. */
  readonly others: Readonly<Record<Exclude<CallerName, Rank>, Caller>>;
  readonly watch: Watch;
  /** Ids of runs of the victim's that nothing else is tried with. */
  readonly spareRuns: string[];
  /** A mail to the victim that lies in the outbox. */
  readonly outbox: string;
  /** A session for whoever the claims name, as the product would seal it. */
  readonly seal: (claims: Claims) => Promise<string>;
}

/** More than stand on a page, so that the victim's lists have cursors. */
const moreThanAPage = 52;

/** Somebody new in a tenant, whom no other test has to do with. */
export async function plantMember(
  { pool, server }: Pick<Cast, 'pool' | 'server'>,
  tenant: string,
  mark: string,
  role: Rank,
  watch?: Watch,
): Promise<Caller> {
  const person = await plantPerson(pool, `${mark} ${role}`, `${mark}.example`);
  await pool.query(
    'insert into memberships (tenant_id, id, user_id, role) values ($1, $2, $3, $4)',
    [tenant, v7(), person.id, role],
  );
  const claims = { userId: person.id, tenantId: tenant, role };
  const session = await sealed(claims, { secret: authSecret(server) });
  return new Caller(server, { name: role, userId: person.id, email: person.email, session }, watch);
}

/** As if the tenant's export had been made: it has a file, and a link that holds. */
async function makeExported({ pool, server }: Pick<Cast, 'pool' | 'server'>, world: World) {
  const id = world.rows.get('exports');
  const key = `tenants/${world.tenant}/exports/${id}`;
  await directoryStore(join(server.dataDir, 'objects')).put(key, `${world.mark} file`);
  await pool.query(
    "update exports set state = 'done', expires_at = now() + interval '1 day' where id = $1",
    [id],
  );
}

/** The first event that is sealed makes a tenant's key: later nothing changes by itself. */
async function keyed(pool: Pool, tenant: string): Promise<void> {
  const keys = async () =>
    (await pool.query('select 1 from tenant_keys where tenant_id = $1', [tenant])).rowCount;
  await expect.poll(keys, { timeout: 90_000 }).toBeGreaterThan(0);
}

export async function makeTenant(
  base: Pick<Cast, 'pool' | 'server'>,
  mark: string,
  watch?: Watch,
): Promise<Tenant> {
  const id = v7();
  await base.pool.query('insert into tenants (id, name) values ($1, $2)', [id, `${mark} Ltd`]);
  const members = {} as Record<Rank, Caller>;
  for (const role of ranks) members[role] = await plantMember(base, id, mark, role, watch);
  const world = await makeWorld(base.pool, id, mark);
  await makeExported(base, world);
  await keyed(base.pool, id);
  return { id, mark, members, world };
}

/** Call a tenant again what it was made as: a name that somebody typed to confirm is that one. */
export async function nameAgain({ pool }: Pick<Cast, 'pool'>, { id, mark }: Tenant): Promise<void> {
  await pool.query('update tenants set name = $2 where id = $1', [id, `${mark} Ltd`]);
}

/** Files that the attacker's people asked for stand in nobody's way: of those kept there may be a few. */
export async function withoutExports({ pool, attacker: { id, world } }: Cast): Promise<void> {
  await pool.query(`update exports set state = 'cancelled' where tenant_id = $1 and id <> $2`, [
    id,
    world.rows.get('exports'),
  ]);
}

let planted = 2;

/** Rows enough for a second page in every list, those inside a thing included. */
export async function crowd(
  pool: Pool,
  { id, mark, world }: Tenant,
  rows = moreThanAPage,
): Promise<void> {
  const lists = [
    'audit_events',
    'automations',
    'runs',
    'resources',
    'reports',
    'tenant_access_logs',
  ];
  const inside = ['provider_calls', 'report_rows'];
  const making = { tenant: id, person: world.person.id, mark, made: world.rows };
  const from = planted;
  planted += rows;
  for (const table of tenantTables.filter(({ name }) => [...lists, ...inside].includes(name))) {
    for (let at = 0; at < rows; at += 1) {
      const unique = {
        tenant_access_logs: { digest: `${mark} ${from + at}` },
        report_rows: { position: from + at, cells: { name: `${mark} ${at}` } },
        resources: { provider_id: `${mark} ${from + at}`, name: `${mark} ${at}` },
        automations: { template: 'external-files', trigger: { type: 'manual' }, parameters: {} },
        reports: { columns: [{ key: 'name', label: mark, type: 'text' }] },
      }[table.name];
      await plant(pool, table, making, unique);
    }
  }
}

/** Somebody new of no organisation: of the staff, with a second factor just proved, or of nothing. */
export async function plantOther(
  { pool, server }: Pick<Cast, 'pool' | 'server'>,
  name: 'support' | 'platform_admin' | 'outsider',
): Promise<Caller> {
  const person = await plantPerson(pool, name.replace('_', ' '), 'staff.example');
  const staff = name !== 'outsider';
  if (staff) {
    await pool.query('insert into staff (user_id, role) values ($1, $2)', [person.id, name]);
    await plantFactor(pool, person.id);
  }
  const proved = staff && { staff, secondFactorAt: Math.floor(Date.now() / 1_000) };
  const claims = { userId: person.id, tenantId: null, role: null, ...proved };
  const session = await sealed(claims as Claims, { secret: authSecret(server) });
  return new Caller(server, { name, userId: person.id, email: person.email, session });
}

/** Invite somebody, and wait for the mail: an id that only staff may ask for. */
async function mailed(
  { server }: Pick<Cast, 'server'>,
  { mark, members }: Tenant,
): Promise<string> {
  const email = `invited@${mark}.example`;
  const invite = 'app/(tenant)/members/actions.ts#invite';
  const sent = await members.owner.act(invite, { email, role: 'viewer' });
  expect(outcomeOf(sent), sent.body.slice(0, 500)).toBe('ok');
  const folder = join(server.dataDir, 'outbox');
  const find = () =>
    existsSync(folder)
      ? readdirSync(folder).find(
          (file) =>
            file.endsWith('.eml') && readFileSync(join(folder, file), 'utf8').includes(email),
        )
      : undefined;
  await expect.poll(find, { timeout: 90_000 }).toBeTruthy();
  return (find() ?? '').replace(/\.eml$/, '');
}

/** Two tenants with one of everything, and everybody who may want to look. About a second. */
export async function makeCast(server: TestServer): Promise<Cast> {
  const pool = new Pool({ connectionString: localDatabaseUrls(server.dataDir)?.owner, max: 4 });
  const base = { pool, server };
  const hex = randomBytes(4).toString('hex');
  const mark = `canary${hex}`;
  const watch: Watch = { forbidden: mark, answers: 0, bytes: 0, leaks: [] };
  const victim = await makeTenant(base, mark);
  await crowd(pool, victim);
  const outbox = await mailed(base, victim);
  const { rows } = await pool.query<{ id: string }>(
    'select id from runs where tenant_id = $1 and id <> $2',
    [victim.id, victim.world.rows.get('runs')],
  );
  const spareRuns = rows.map(({ id }) => id);
  // The same again with nothing but the mark in it, whatever the product makes of that.
  await makeWorld(pool, victim.id, mark, { bare: true });
  const attacker = await makeTenant(base, `own${hex}`, watch);
  const others = {
    support: await plantOther(base, 'support'),
    platform_admin: await plantOther(base, 'platform_admin'),
    outsider: await plantOther(base, 'outsider'),
    nobody: new Caller(server, { name: 'nobody', userId: null, email: '', session: null }, watch),
  };
  const seal = (claims: Claims) => sealed(claims, { secret: authSecret(server) });
  return { ...base, attacker, victim, others, watch, outbox, spareRuns, seal };
}
