import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { type ConnectionId, newId, resetConnections, type TenantId, type UserId } from '@/db';
import { connectTo } from '@/lib/connections/testing/world';
import type { MemberContext } from '@/lib/tenancy';
import { holdTestKey } from '@/lib/vault/testing';
import { startDatabase } from '../database';
import { startStandIn } from '../stand-in';

export interface Connected {
  readonly context: MemberContext;
  readonly id: ConnectionId;
}

/** Connections to renew, over a database and a provider of their own. */
export interface World {
  readonly connected: readonly Connected[];
  /** Let every token end within so many seconds. */
  endTokens(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

const script = fileURLToPath(new URL('./stand-in.ts', import.meta.url));

async function tenantOf(owner: Client): Promise<MemberContext> {
  const [tenantId, userId] = [newId<TenantId>(), newId<UserId>()];
  const email = `${userId}@example.com`;
  await owner.query('insert into tenants (id, name) values ($1, $2)', [tenantId, 'Acme']);
  return {
    tenantId,
    userId,
    email,
    role: 'owner',
    tenantName: 'Acme',
    actor: { type: 'member', id: userId, name: 'Ada Example' },
    requestId: `bench-${newId()}`,
  };
}

/** So many tenants with so many connections each, to the emulated Google. */
export async function startWorld(tenants: number, each: number): Promise<World> {
  const standIn = await startStandIn(script);
  process.env.GOOGLE_EMULATOR_URL = standIn.url;
  const database = await startDatabase();
  const { urls } = database;
  await resetConnections(urls);
  holdTestKey();
  const owner = new Client(urls.owner);
  await owner.connect();
  const connected: Connected[] = [];
  for (let tenant = 0; tenant < tenants; tenant += 1) {
    const context = await tenantOf(owner);
    for (let n = 0; n < each; n += 1) {
      connected.push({ context, id: await connectTo(context, 'google') });
    }
  }
  await owner.query('update connections set last_used_at = now()');
  await owner.query('analyze');
  return {
    connected,
    async endTokens(seconds) {
      await owner.query(
        'update credentials set access_expires_at = now() + make_interval(secs => $1)',
        [seconds],
      );
    },
    async stop() {
      await owner.end();
      await resetConnections();
      await database.stop();
      await standIn.stop();
    },
  };
}
