import { randomBytes, randomUUID } from 'node:crypto';
import type { AccessToken, RefreshToken, Store } from './state';

/** Seconds: https://docs.slack.dev/authentication/using-token-rotation */
export const accessTokenLifetime = 43_200;

const secret = (prefix: string) => prefix + randomBytes(36).toString('base64url');

/** A fresh pair; those long over are forgotten on the way. */
function issue(store: Store, grant: RefreshToken): { access: string; refresh: string } {
  const now = Date.now();
  const access = secret('xoxe.xoxb-1-');
  const refresh = secret('xoxe-1-');
  const expiresAt = now + accessTokenLifetime * 1_000;
  for (const [token, old] of store.entries('accessTokens', '')) {
    if (old.expiresAt < now - 7 * 86_400_000) store.delete('accessTokens', '', token);
  }
  store.put('accessTokens', '', access, { ...grant, expiresAt, ended: null });
  store.put('refreshTokens', '', refresh, grant);
  return { access, refresh };
}

/** The tokens of a new consent. */
export function issueTokens(store: Store, grant: Omit<RefreshToken, 'chain'>) {
  return issue(store, { ...grant, chain: randomUUID() });
}

/**
 * Spend a refresh token, which works once: it is gone with the answer.
 * @returns null when it is spent, revoked, or another client's
 */
export function rotate(store: Store, clientId: string, refresh: string) {
  const grant = store.get('refreshTokens', '', refresh);
  if (!grant || grant.clientId !== clientId) return null;
  store.delete('refreshTokens', '', refresh);
  const { teamId, scopes, chain } = grant;
  return { ...issue(store, { teamId, clientId, scopes, chain }), grant };
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
export function revokeBotToken(store: Store, { teamId, chain }: RefreshToken, bot: string): void {
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
