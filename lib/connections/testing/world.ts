import { afterAll, beforeAll } from 'vitest';
import { type ConnectionId, newId, withTenant } from '@/db';
import { connections } from '@/db/schema';
import type { TestDatabase } from '@/db/testing';
import { type Emulator, startEmulator } from '@/emulators';
import { RawClient, tids } from '@/emulators/microsoft/testing';
import { answerSlackConsent } from '@/emulators/slack/testing';
import { answerConsent, testRedirect } from '@/emulators/testing';
import { delegateTo, serviceAccountKey } from '@/emulators/testing/google';
import {
  type Authority,
  findWay,
  type Grant,
  type ProviderClient,
  type ProviderKey,
  type ProviderWay,
  type TokenSet,
} from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { holdTestKey } from '@/lib/vault/testing';
import { providerClient } from '../client';
import { replaceCredential } from '../credentials';
import { transition } from '../states';

/** Whom the emulators know: a person, and at Slack a workspace. */
export const accounts: Readonly<Record<ProviderKey, string>> = {
  google: 'olivia@northwind.example',
  microsoft: 'olivia@northwind.example',
  slack: 'northwind',
};
export const tokenPaths: Readonly<Record<ProviderKey, string>> = {
  google: '/token',
  microsoft: '/*/oauth2/v2.0/token',
  slack: '/api/oauth.v2.access',
};
/** Everything but the token endpoint; what a read of ours goes to. */
export const apiPaths: Readonly<Record<ProviderKey, string>> = {
  google: '/gmail/*',
  microsoft: '/v1.0/*',
  slack: '/api/conversations.*',
};

/** A stand-in for each of these providers. Call it before `testDatabase()`. */
export function testProviders<Name extends ProviderKey>(
  ...names: Name[]
): Readonly<Record<Name, Emulator>> {
  const running: Partial<Record<ProviderKey, Emulator>> = {};
  beforeAll(async () => {
    for (const name of names) {
      const emulator = await startEmulator(name);
      running[name] = emulator;
      process.env[`${name.toUpperCase()}_EMULATOR_URL`] = emulator.url;
    }
    holdTestKey();
  });
  afterAll(async () => {
    for (const emulator of Object.values(running)) await emulator.close();
  });
  return running as Record<Name, Emulator>;
}

function wayOf(provider: ProviderKey, authority: Authority): ProviderWay {
  const way = findWay(provider, authority);
  if (!way) throw new Error(`${provider} cannot be connected so: ${authority}`);
  return way;
}

interface Authorized {
  readonly tokens: TokenSet;
  readonly grant?: Grant;
}

async function byCode(way: ProviderWay, without: string | undefined): Promise<Authorized> {
  const oauth = way.oauth();
  const { codeVerifier, codeChallenge } = await oauth.createPkce();
  const scopes = way.scopes.map(({ scope }) => scope).filter((scope) => scope !== without);
  const redirectUri = testRedirect;
  const url = oauth.authorizationUrl({ state: 's', codeChallenge, redirectUri, scopes });
  const account = accounts[way.provider];
  const back =
    way.provider === 'slack'
      ? await answerSlackConsent(url, account)
      : await answerConsent(url, { email: account });
  const code = back.searchParams.get('code') ?? '';
  return { tokens: await oauth.exchangeCode({ code, codeVerifier, redirectUri }) };
}

async function byAdministrator(way: ProviderWay): Promise<Authorized> {
  await new RawClient(process.env.MICROSOFT_EMULATOR_URL ?? '').adminConsent({
    email: accounts.microsoft,
  });
  const grant = { kind: 'client_credentials', organizationId: tids.northwind } as const;
  return { tokens: await way.oauth().refresh(grant), grant };
}

const domain = 'northwind.example';

async function byServiceAccount(way: ProviderWay): Promise<Authorized> {
  const stand = { url: process.env.GOOGLE_EMULATOR_URL ?? '' };
  const key = await serviceAccountKey(stand, domain);
  const scopes = way.scopes.map(({ scope }) => scope);
  await delegateTo(stand, domain, scopes);
  const grant = { kind: 'service_account', key, subject: accounts.google, scopes } as const;
  return { tokens: await way.oauth().refresh(grant), grant };
}

function authorize(way: ProviderWay, without: string | undefined): Promise<Authorized> {
  if (way.form === 'admin_consent') return byAdministrator(way);
  return way.form === 'service_account' ? byServiceAccount(way) : byCode(way, without);
}

/**
 * A working connection to a provider, without the consent flow of the product.
 * @param without a permission that is not given
 */
export async function connectTo(
  context: MemberContext,
  provider: ProviderKey,
  authority: Authority = provider === 'slack' ? 'application' : 'delegated',
  without?: string,
): Promise<ConnectionId> {
  const way = wayOf(provider, authority);
  const { tokens, grant } = await authorize(way, without);
  const id = newId<ConnectionId>();
  await withTenant(context, async (tx) => {
    await tx.insert(connections).values({
      tenantId: context.tenantId,
      id,
      provider,
      authority,
      accountId: newId(),
      ...(authority === 'delegated' ? { accountEmail: accounts[provider] } : {}),
      ...(authority === 'application' ? { organizationName: 'Northwind' } : {}),
      scopes: [...tokens.scopes],
      createdBy: context.userId,
    });
    await replaceCredential(tx, context, id, tokens, ...(grant ? [grant] : []));
    await transition(tx, context, id, { type: 'consented' });
    await transition(tx, context, id, { type: 'verified' });
  });
  return id;
}

/** How many requests went to a path, `*` standing for any characters. */
export function requestsTo(emulator: Emulator, path: string): number {
  const [start = '', end = ''] = path.split('*');
  return emulator.requests().filter((one) => one.path.startsWith(start) && one.path.endsWith(end))
    .length;
}

/** One read that changes nothing. */
export async function readOnce(context: MemberContext, id: ConnectionId): Promise<unknown> {
  const client: ProviderClient = await providerClient(context, id);
  const person = client.person?.(accounts.microsoft) ?? client;
  if (person.mail) return person.mail.findLabel('Nothing of the sort');
  return client.channelAdministration?.find('nothing-of-the-sort');
}

/** Let a connection's token be over, as the clock would. */
export const endToken = (database: TestDatabase, id: ConnectionId) =>
  database.owner.query(
    `update credentials set access_expires_at = now() - interval '1 second' where connection_id = $1`,
    [id],
  );

/** How a connection stands, and the moves on its record since it worked. */
export async function standing(database: TestDatabase, id: ConnectionId) {
  const { rows } = await database.owner.query<{
    state: string;
    reason: string | null;
    moves: number;
  }>(
    `select c.state, c.state_reason as reason,
            (select count(*)::int from audit_events e
              where e.connection_id = c.id and e.action = 'connection.state_changed'
                and e.details->>'signal' not in ('consented', 'verified')) as moves
       from connections c where c.id = $1`,
    [id],
  );
  return rows[0] ?? { state: 'absent', reason: null, moves: 0 };
}
