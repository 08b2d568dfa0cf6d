import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { Client, type ClientConfig, Pool } from 'pg';
import { env } from '@/lib/env';
import { observePool } from './observe';
import { type ServingRole, servingRoles } from './schema/roles';
import { BETWEEN_LOOKS, Silence } from './silence';
import type { ServingAccess } from './urls';
import { readingInPlace, refuseTooLarge } from './wire/socket';
import { watchSettings } from './wire/soiled';

interface Connections {
  access: ServingAccess | undefined;
  readonly pools: Map<ServingRole, Pool>;
  readonly silence: Silence;
  looking: NodeJS.Timeout | undefined;
}

/** Milliseconds that making a connection may take. */
const CONNECT_LIMIT = 10_000;
/**
 * Milliseconds of silence after which the server is asked whether it is still there: a router forgets
 * connections that say nothing, and a machine that is gone says nothing either.
 */
const SILENCE = 10_000;
/** Seconds after which a connection is replaced, so that a failover or a new address is noticed. */
const LIFETIME = 1_800;

/**
 * The limit on connecting is the client's. As an option of the pool it would also cost a timer for
 * each time a connection is taken; the doors keep that limit themselves.
 */
class LimitedClient extends Client {
  constructor(options: ClientConfig = {}) {
    super({ ...options, connectionTimeoutMillis: CONNECT_LIMIT, stream: readingInPlace });
    const { connection } = this as unknown as { connection: EventEmitter & { stream: Duplex } };
    // Told when what is encrypted has its stream, and before anything of it was read.
    connection.once('sslconnect', () => refuseTooLarge(connection.stream));
  }
}

/** Next bundles a module several times over; the pools must be there once per process. */
const key = Symbol.for('tenantry.connections');
const shared = globalThis as unknown as { [key]?: Connections };

function connections(): Connections {
  shared[key] ??= {
    access: undefined,
    pools: new Map(),
    silence: new Silence(),
    looking: undefined,
  };
  return shared[key];
}

function configuredUrl(role: ServingRole): string {
  const url = {
    app: env.DATABASE_APP_URL,
    identity: env.DATABASE_IDENTITY_URL,
    platform: env.DATABASE_PLATFORM_URL,
    engine: env.DATABASE_ENGINE_URL,
  }[role];
  if (url) return url;
  throw new Error(
    `DATABASE_${role.toUpperCase()}_URL is not set: ${servingRoles[role]} has no login.`,
  );
}

/**
 * The pool of a serving role, made on first use.
 * @throws Error naming the variable that is not set
 */
export function poolOf(role: ServingRole): Pool {
  const state = connections();
  const { access, pools, silence } = state;
  const found = pools.get(role);
  if (found) return found;
  const pool = new Pool({
    connectionString: access?.[role] ?? configuredUrl(role),
    max: env.DATABASE_POOL,
    application_name: `tenantry-${role}`,
    idleTimeoutMillis: 0,
    keepAlive: true,
    keepAliveInitialDelayMillis: SILENCE,
    maxLifetimeSeconds: LIFETIME,
    Client: LimitedClient,
  });
  // A connection that dies tells whoever uses it; without a listener it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
    watchSettings(client);
    silence.follow(client);
  });
  pool.on('remove', (client) => silence.forget(client));
  state.looking ??= setInterval(() => silence.look(), BETWEEN_LOOKS).unref();
  // Its users speak to the driver; the others' statements go through the doors, which observe them.
  if (role === 'engine') observePool(pool);
  pools.set(role, pool);
  return pool;
}

/**
 * The key that signs tenant contexts.
 * @throws Error naming the variable that is not set
 */
export function contextKey(): string {
  const key = connections().access?.contextKey ?? env.TENANT_CONTEXT_KEY;
  if (key) return key;
  throw new Error('TENANT_CONTEXT_KEY is not set: no tenant context can be signed.');
}

/** Close every pool; the next use opens them again, with `access` if it is given. */
export async function resetConnections(access?: ServingAccess): Promise<void> {
  const state = connections();
  const open = [...state.pools.values()];
  state.pools.clear();
  state.access = access;
  // Who has just asked for a connection that lies ready gets it in the next tick. `pg` forgets him when
  // the pool is closed before that.
  await new Promise<void>((resolve) => process.nextTick(resolve));
  await Promise.all(open.map((pool) => pool.end()));
  if (state.pools.size > 0) return;
  clearInterval(state.looking);
  state.looking = undefined;
}

export interface PoolUsage {
  readonly role: ServingRole;
  readonly open: number;
  readonly idle: number;
  /** Requests that wait for a connection. */
  readonly waiting: number;
}

/** How the pools that are in use stand. */
export function poolUsage(): readonly PoolUsage[] {
  return [...connections().pools].map(([role, pool]) => ({
    role,
    open: pool.totalCount,
    idle: pool.idleCount,
    waiting: pool.waitingCount,
  }));
}

/** The engine's own pool, as `tenantry_engine`: `pg`, for its claims, its clock and LISTEN. */
export function enginePool(): Pool {
  return poolOf('engine');
}
