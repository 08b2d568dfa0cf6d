import { Client } from 'pg';
import {
  type ConnectionId,
  newId,
  resetConnections,
  type TenantContext,
  type TenantId,
  withIdentity,
  withTenant,
} from '@/db';
import { replaceCredential } from '@/lib/connections/credentials';
import { canaryOf, keyRing, keyStore } from '@/lib/vault';
import { startDatabase } from '../database';

/** A connection of an organisation, with a sealed credential. */
export interface Connected {
  readonly tenant: TenantContext;
  readonly connectionId: ConnectionId;
}

export interface Installation {
  /** As the superuser, past row security. */
  readonly owner: Client;
  readonly tenants: readonly TenantContext[];
  /** Organisations with this many connections in all, each with a credential. */
  connect(count: number): Promise<readonly Connected[]>;
  stop(): Promise<void>;
}

/** Tokens as Google's are, in length. */
export const tokens = (version: number) => ({
  accessToken: `ya29.${'a'.repeat(220)}-${version}`,
  refreshToken: `1//${'r'.repeat(100)}-${version}`,
  expiresAt: new Date(Date.now() + 3_600_000),
  scopes: [],
});

/** An empty database of its own, with a key that wraps, and this many organisations. */
export async function startInstallation(organisations: number): Promise<Installation> {
  const database = await startDatabase();
  const { urls } = database;
  await resetConnections(urls);
  const owner = new Client(urls.owner);
  await owner.connect();
  const { wanted } = keyRing();
  const state = { keyEncryptionKeyId: wanted.id, canary: await canaryOf(wanted) };
  await withIdentity((tx) => keyStore().setState(tx, { ...state, rotationSince: null }));
  const tenants = Array.from({ length: organisations }, () => ({ tenantId: newId<TenantId>() }));
  for (const { tenantId } of tenants) {
    await owner.query('insert into tenants (id, name) values ($1, $2)', [tenantId, tenantId]);
  }
  return {
    owner,
    tenants,
    async connect(count) {
      const made: Connected[] = [];
      for (let at = 0; at < count; at += 1) {
        const tenant = tenants[at % tenants.length] as TenantContext;
        made.push({ tenant, connectionId: newId<ConnectionId>() });
      }
      await owner.query(
        `insert into connections (tenant_id, id, provider, authority, state, created_by)
         select t, c, 'google', 'delegated', 'active', t from unnest($1::uuid[], $2::uuid[]) as x (t, c)`,
        [made.map(({ tenant }) => tenant.tenantId), made.map(({ connectionId }) => connectionId)],
      );
      for (const tenant of tenants) {
        await withTenant(tenant, async (tx) => {
          const own = made.filter((one) => one.tenant === tenant);
          for (const { connectionId } of own) {
            await replaceCredential(tx, tenant, connectionId, tokens(0));
          }
        });
      }
      return made;
    },
    async stop() {
      await owner.end();
      await resetConnections();
      await database.stop();
    },
  };
}
