import { createHash, randomBytes } from 'node:crypto';
import {
  and,
  type ConnectionId,
  desc,
  eq,
  isNull,
  newId,
  type TenantTransaction,
  withTenant,
} from '@/db';
import { connections, consentRequests } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { env } from '@/lib/env';
import { PublicError } from '@/lib/errors';
import {
  type Authority,
  findProvider,
  findWay,
  type ProviderKey,
  type ProviderWay,
  providerNames,
} from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { seal } from '@/lib/vault';
import { nameOf } from './contract';
import { type Connection, findConnection } from './find';

/** Seconds in which a consent must be finished. */
export const consentLifetime = 600;

/** A secret that ties one flow to one browser; to be set with `httpOnly`, `sameSite: lax`. */
export interface ConsentCookie {
  readonly name: string;
  readonly value: string;
  readonly options: {
    readonly httpOnly: true;
    readonly sameSite: 'lax';
    readonly secure: boolean;
    /** Sent nowhere but to the addresses that providers lead back to. */
    readonly path: string;
    /** Seconds. */
    readonly maxAge: number;
  };
}

export interface StartedConsent {
  readonly connectionId: ConnectionId;
  /** The provider's consent page. */
  readonly url: string;
  readonly cookie: ConsentCookie;
}

/** SHA-256, base64url: what is kept of a secret that only has to be recognised. */
export const digest = (secret: string) => createHash('sha256').update(secret).digest('base64url');

/** Each flow has a cookie of its own, so that two tabs do not spoil each other's. */
export const consentCookieName = (stateHash: string) =>
  `tenantry.consent.${stateHash.slice(0, 16)}`;

/** Where the provider leads back to; registered there exactly so. */
export const redirectUri = (provider: ProviderKey) =>
  `${env.APP_URL}/api/connections/${provider}/callback`;

/** 256 random bits. */
const secret = () => randomBytes(32).toString('base64url');

/**
 * A way that a provider can be connected in on this installation.
 * @throws PublicError `unavailable`
 */
export function requireWay(key: ProviderKey, authority: Authority): ProviderWay {
  const way = findProvider(key)?.configured() ? findWay(key, authority) : null;
  if (way) return way;
  throw new PublicError(
    'unavailable',
    `${providerNames[key]} is not set up on this installation. Ask whoever runs it.`,
  );
}

/**
 * Begin a consent: for a new connection, or for one that needs it again (which keeps its id, its
 * automations and its history).
 * @returns the page to send the browser to, and the cookie to set before
 * @throws PublicError `not_found`, `unavailable`
 */
export async function startConsent(
  context: MemberContext,
  wish:
    | { readonly provider: ProviderKey; readonly authority: Authority }
    | { readonly connectionId: ConnectionId },
): Promise<StartedConsent> {
  return withTenant(context, async (tx) => {
    const connection =
      'connectionId' in wish
        ? await findConnection(tx, context, wish.connectionId)
        : await pendingConnection(tx, context, wish);
    return open(tx, context, connection, requireWay(connection.provider, connection.authority));
  });
}

/** One's own connection that never got its consent, or a new one: starting over leaves no litter. */
async function pendingConnection(
  tx: TenantTransaction,
  context: MemberContext,
  { provider, authority }: { readonly provider: ProviderKey; readonly authority: Authority },
): Promise<Connection> {
  requireWay(provider, authority);
  const [left] = await tx
    .select()
    .from(connections)
    .where(
      and(
        eq(connections.tenantId, context.tenantId),
        eq(connections.provider, provider),
        eq(connections.authority, authority),
        eq(connections.state, 'pending'),
        eq(connections.createdBy, context.userId),
        isNull(connections.accountId),
      ),
    )
    .orderBy(desc(connections.id))
    .limit(1);
  if (left) return left;
  const [made] = await tx
    .insert(connections)
    .values({
      tenantId: context.tenantId,
      id: newId<ConnectionId>(),
      provider,
      authority,
      createdBy: context.userId,
    })
    .returning();
  if (!made) throw new Error('a connection was inserted and not returned');
  return made;
}

async function open(
  tx: TenantTransaction,
  context: MemberContext,
  connection: Connection,
  way: ProviderWay,
): Promise<StartedConsent> {
  const oauth = way.oauth();
  const { codeVerifier, codeChallenge } = await oauth.createPkce();
  const id: string = newId();
  const state = secret();
  const session = secret();
  const stateHash = digest(state);
  const scopes = way.scopes.map(({ scope }) => scope);
  const verifier = { kind: 'consent', subjectId: id, generation: 1 } as const;
  await tx.insert(consentRequests).values({
    tenantId: context.tenantId,
    id,
    connectionId: connection.id,
    stateHash,
    sessionHash: digest(session),
    sealedVerifier: await seal(tx, context, verifier, codeVerifier),
    userId: context.userId,
    scopes,
    expiresAt: new Date(Date.now() + consentLifetime * 1_000),
  });
  await recordAudit(tx, context, {
    action: 'connection.requested',
    target: {
      type: 'connection',
      id: connection.id,
      name: nameOf(connection),
    },
    connectionId: connection.id,
    details: { provider: connection.provider, again: connection.accountId !== null },
  });
  const url = oauth.authorizationUrl({
    state,
    codeChallenge,
    redirectUri: redirectUri(way.provider),
    scopes,
    loginHint: connection.accountEmail ?? undefined,
  });
  return { connectionId: connection.id, url, cookie: cookieOf(stateHash, session) };
}

function cookieOf(stateHash: string, value: string): ConsentCookie {
  return {
    name: consentCookieName(stateHash),
    value,
    options: {
      httpOnly: true,
      sameSite: 'lax',
      secure: env.APP_URL.startsWith('https:'),
      path: '/api/connections',
      maxAge: consentLifetime,
    },
  };
}
