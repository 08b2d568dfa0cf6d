import type { ProviderFailure, ProviderScope, ProviderWay } from '@/lib/providers';
import type { Connection } from './find';

type Asked = Pick<Connection, 'scopes' | 'accountId' | 'state'>;

/**
 * What a consent asks for: what is required, what was given before, and what is wanted now. The first
 * one asks for nothing that is not needed yet. Where an administrator consents for everybody, all of it
 * is asked for at once.
 * @param wanted scopes of the way; others are left out
 */
export function scopesToAsk(
  way: ProviderWay,
  connection: Asked,
  wanted: readonly string[],
): readonly string[] {
  const before = connection.accountId === null ? [] : connection.scopes;
  const whole = way.form !== 'authorization_code';
  return way.scopes
    .filter(
      ({ scope, required }) =>
        whole || required || before.includes(scope) || wanted.includes(scope),
    )
    .map(({ scope }) => scope);
}

/**
 * What a consent asks for on top of one that still counts, where the provider can do so; null where
 * everything has to be asked for again.
 */
export function scopesToAdd(
  way: ProviderWay,
  { scopes: before, state }: Asked,
  wanted: readonly string[],
): readonly string[] | null {
  const counts = state === 'active' || state === 'degraded' || state === 'needs_scopes';
  if (!way.incremental || !counts) return null;
  const added = way.scopes
    .filter(({ scope, required }) => required || wanted.includes(scope))
    .map(({ scope }) => scope)
    .filter((scope) => !before.includes(scope));
  return added.length > 0 ? added : null;
}

/** Required scopes that were not given. */
export function missingScopes(way: ProviderWay, given: readonly string[]): readonly string[] {
  return way.scopes
    .filter(({ scope, required }) => required && !given.includes(scope))
    .map(({ scope }) => scope);
}

/** Of the sign-in itself: an answer to a refresh that leaves them out takes nothing back. */
const ofSignIn: readonly string[] = ['openid', 'profile', 'email', 'offline_access'];

/**
 * What a connection has after a refresh: an organisation's administrator can change what our
 * application may do without a word to us, a person's consent only loses. Providers add up what an
 * account allowed our client, and another organisation may have asked for more.
 * @param answered the scopes of the refreshed token; without any, nothing has changed
 */
export function scopesAfterRefresh(
  { form }: Pick<ProviderWay, 'form'>,
  before: readonly string[],
  answered: readonly string[],
): readonly string[] {
  if (answered.length === 0) return before;
  if (form === 'admin_consent') return answered;
  return before.filter((scope) => answered.includes(scope) || ofSignIn.includes(scope));
}

/**
 * What a call lacked that nobody was asked for yet: everything else goes on without it. Null when the
 * provider does not say what was missing, when it is required, unknown to the way, or was given before.
 * @param granted what the connection is known to have
 */
export function notAskedYet(
  { scopes }: Pick<ProviderWay, 'scopes'>,
  granted: readonly string[],
  failure: ProviderFailure,
): ProviderScope | null {
  if (failure.kind !== 'needs_scopes') return null;
  const { missing } = failure;
  const known = scopes.filter(({ scope }) => missing.includes(scope));
  const taken = known.some(({ scope, required }) => required || granted.includes(scope));
  return taken ? null : (known[0] ?? null);
}

/** Scopes that the connection has and would lose; automations may live on them. */
export function lostScopes(
  way: ProviderWay,
  connection: Asked,
  given: readonly string[],
): readonly string[] {
  return way.scopes
    .filter(({ scope }) => connection.scopes.includes(scope) && !given.includes(scope))
    .map(({ scope }) => scope);
}
