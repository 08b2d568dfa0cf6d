import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import {
  type ConnectionId,
  newId,
  resetConnections,
  type TenantId,
  type UserId,
  withTenant,
} from '@/db';
import { connections } from '@/db/schema';
import { replaceCredential } from '@/lib/connections/credentials';
import { transition } from '@/lib/connections/states';
import type { ProviderClient } from '@/lib/providers';
import { connectOrganization } from '@/lib/providers/microsoft/testing';
import type { MemberContext } from '@/lib/tenancy';
import { holdTestKey } from '@/lib/vault/testing';
import { startDatabase } from '../database';
import { startStandIn } from '../stand-in';

/** A tenant with a connection to a whole organisation, and what its provider is reached through. */
export interface Organization {
  readonly context: MemberContext;
  readonly connectionId: ConnectionId;
  /** The adapter with nothing around it: no budget, no record, no database. */
  readonly bare: ProviderClient;
  /** Let the provider's budget be full again, as the next day. */
  forgetSpending(): Promise<void>;
  /** How many calls to the provider are on record. */
  calls(): Promise<number>;
  stop(): Promise<void>;
}

const script = fileURLToPath(new URL('./stand-in.ts', import.meta.url));

async function memberOf(owner: Client): Promise<MemberContext> {
  const [tenantId, userId] = [newId<TenantId>(), newId<UserId>()];
  const [email, name] = ['ada@northwind.example', 'Ada Example'];
  await owner.query('insert into tenants (id, name) values ($1, $2)', [tenantId, 'Northwind']);
  await owner.query('insert into users (id, email, name) values ($1, $2, $3)', [
    userId,
    email,
    name,
  ]);
  await owner.query(
    'insert into memberships (tenant_id, id, user_id, role) values ($1, $2, $3, $4)',
    [tenantId, newId(), userId, 'owner'],
  );
  return {
    tenantId,
    userId,
    email,
    role: 'owner',
    tenantName: 'Northwind',
    actor: { type: 'member', id: userId, name },
    requestId: `bench-${newId()}`,
  };
}

/** An organisation of so many people at the emulated Microsoft, connected over a database of its own. */
export async function startOrganization(people: number): Promise<Organization> {
  const standIn = await startStandIn(script, String(people));
  process.env.MICROSOFT_EMULATOR_URL = standIn.url;
  const database = await startDatabase();
  const { urls } = database;
  await resetConnections(urls);
  holdTestKey();
  const owner = new Client(urls.owner);
  await owner.connect();
  const context = await memberOf(owner);
  const { account, tokens, grant, client } = await connectOrganization(standIn);
  const connectionId = newId<ConnectionId>();
  await withTenant(context, async (tx) => {
    await tx.insert(connections).values({
      tenantId: context.tenantId,
      id: connectionId,
      provider: 'microsoft',
      authority: 'application',
      accountId: account.accountId,
      providerTenant: account.organizationId,
      organizationName: account.name,
      scopes: [...tokens.scopes],
      createdBy: context.userId,
    });
    await replaceCredential(tx, context, connectionId, tokens, grant);
    await transition(tx, context, connectionId, { type: 'consented' });
    await transition(tx, context, connectionId, { type: 'verified' });
  });
  return {
    context,
    connectionId,
    bare: client,
    async forgetSpending() {
      await owner.query('delete from provider_budgets');
    },
    async calls() {
      const { rows } = await owner.query('select count(*)::int as n from provider_calls');
      return rows[0].n;
    },
    async stop() {
      await owner.end();
      await resetConnections();
      await database.stop();
      await standIn.stop();
    },
  };
}
