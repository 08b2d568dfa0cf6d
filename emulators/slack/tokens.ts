import { randomBytes, randomUUID } from 'node:crypto';
import type { AccessToken, RefreshToken, Store } from './state';

/** Seconds: https://docs.slack.dev/authentication/using-token-rotation */
export const accessTokenLifetime = 43_200;
/** "2 active token limit", same page: the oldest beyond it is revoked at a refresh. */
const activeTokens = 2;
/** Milliseconds that a used refresh token works on; Slack says "a short grace period", no figure. */
const grace = 60_000;
/** Milliseconds since the epoch at which a token that does not rotate ends: never. */
const never = Number.MAX_SAFE_INTEGER;

const secret = (prefix: string) => prefix + randomBytes(36).toString('base64url');

type Fresh = Omit<RefreshToken, 'graceUntil'>;

export interface Issued {
  readonly access: string;
  /** Null where tokens do not rotate. */
  readonly refresh: string | null;
}

/** Fresh tokens; those long over are forgotten on the way. */
function issue(store: Store, grant: Fresh): Issued {
  const now = Date.now();
  for (const [token, old] of store.entries('accessTokens', '')) {
    if (old.expiresAt < now - 7 * 86_400_000) store.delete('accessTokens', '', token);
  }
  if (store.get('clients', '', grant.clientId)?.longLived) {
    const access = secret('xoxb-');
    store.put('accessTokens', '', access, { ...grant, expiresAt: never, ended: null });
    return { access, refresh: null };
  }
  const access = secret('xoxe.xoxb-1-');
  const refresh = secret('xoxe-1-');
  const expiresAt = now + accessTokenLifetime * 1_000;
  store.put('accessTokens', '', access, { ...grant, expiresAt, ended: null });
  store.put('refreshTokens', '', refresh, grant);
  return { access, refresh };
}

/** The tokens of a new consent. */
export function issueTokens(store: Store, grant: Omit<Fresh, 'chain'>): Issued {
  return issue(store, { ...grant, chain: randomUUID() });
}

function endOldest(store: Store, chain: string): void {
  const active = store
    .entries('accessTokens', '')
    .filter(([, one]) => one.chain === chain && !one.ended && one.expiresAt > Date.now());
  for (const [key, token] of active.slice(0, -activeTokens)) {
    store.put('accessTokens', '', key, { ...token, ended: 'token_revoked' });
  }
}

/**
 * Use a refresh token: it is revoked after its grace, in which it gives another pair.
 * @returns null when it is over, revoked, or another client's
 */
export function rotate(store: Store, clientId: string, refresh: string) {
  const used = store.get('refreshTokens', '', refresh);
  if (!used || used.clientId !== clientId) return null;
  const { graceUntil = Date.now() + grace, ...grant } = used;
  if (graceUntil <= Date.now()) return null;
  store.put('refreshTokens', '', refresh, { ...grant, graceUntil });
  const issued = issue(store, grant);
  endOldest(store, grant.chain);
  return { ...issued, grant };
}

/** Let the grace of a workspace's used refresh tokens be over. */
export function endGrace(store: Store, teamId: string): void {
  for (const [key, token] of store.entries('refreshTokens', '')) {
    if (token.teamId === teamId && token.graceUntil) store.delete('refreshTokens', '', key);
  }
}

/**
 * Revoke one token. For an app whose tokens rotate it is that one and nothing else: "a refresh token,
 * a bot access token that expires" (https://docs.slack.dev/authentication/using-token-rotation).
 * Otherwise Slack deactivates the app's own user, see `revokeBotToken`.
 */
export function revokeToken(store: Store, token: string, bot: string): void {
  const access = store.get('accessTokens', '', token);
  if (!access) store.delete('refreshTokens', '', token);
  else if (store.get('clients', '', access.clientId)?.longLived) revokeBotToken(store, access, bot);
  else store.put('accessTokens', '', token, { ...access, ended: 'token_revoked' });
}

function each(
  store: Store,
  concerns: (token: AccessToken) => boolean,
  change: Partial<AccessToken>,
) {
  for (const [key, token] of store.entries('accessTokens', '')) {
    if (concerns(token)) store.put('accessTokens', '', key, { ...token, ...change });
  }
}

/**
 * Revoke a token of the app's own user. Slack deactivates that user, which all tokens of the workspace
 * are for, and takes it out of its channels: https://docs.slack.dev/reference/methods/auth.revoke
 */
function revokeBotToken(store: Store, { teamId, chain }: Fresh, bot: string): void {
  each(store, (token) => token.teamId === teamId && !token.ended, { ended: 'account_inactive' });
  each(store, (token) => token.chain === chain, { ended: 'token_revoked' });
  endRefreshTokens(store, teamId);
  for (const channel of store.all('channels', teamId)) {
    if (!channel.members.includes(bot)) continue;
    const members = channel.members.filter((one) => one !== bot);
    store.put('channels', teamId, channel.id, { ...channel, members });
  }
}

function endRefreshTokens(store: Store, teamId: string): void {
  for (const [key, token] of store.entries('refreshTokens', '')) {
    if (token.teamId === teamId) store.delete('refreshTokens', '', key);
  }
}

/** End every token of a workspace. */
export function endTokens(store: Store, teamId: string, ended: AccessToken['ended']): void {
  each(store, (token) => token.teamId === teamId, { ended });
  endRefreshTokens(store, teamId);
}

/** Let a workspace's access tokens run out now; its refresh tokens go on. */
export function expireTokens(store: Store, teamId: string): void {
  each(store, (token) => token.teamId === teamId, { expiresAt: Date.now() - 1 });
}

/** Take one permission away from everything that was granted in a workspace. */
export function narrowTokens(store: Store, teamId: string, permission: string): void {
  const without = (scopes: readonly string[]) => scopes.filter((scope) => scope !== permission);
  for (const [key, token] of store.entries('accessTokens', '')) {
    if (token.teamId !== teamId) continue;
    store.put('accessTokens', '', key, { ...token, scopes: without(token.scopes) });
  }
  for (const [key, token] of store.entries('refreshTokens', '')) {
    if (token.teamId !== teamId) continue;
    store.put('refreshTokens', '', key, { ...token, scopes: without(token.scopes) });
  }
}
