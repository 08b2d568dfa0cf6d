import { randomUUID } from 'node:crypto';
import { identityScopes, needsAdmin } from './permissions';
import type { Client, ServicePrincipal, Store } from './state';

const keyOf = (clientId: string, oid: string | null) => `${clientId} ${oid ?? '*'}`;

/** Our app's enterprise application in a directory, made when somebody there first lets it in. */
export function ensurePrincipal(store: Store, tid: string, clientId: string): ServicePrincipal {
  const known = store.get('servicePrincipals', tid, clientId);
  if (known) return known;
  const made = { oid: randomUUID(), clientId, roles: [] };
  store.put('servicePrincipals', tid, clientId, made);
  return made;
}

/** Delegated permissions that hold for a person: those of their own, and those for everybody. */
export function consentedScopes(
  store: Store,
  tid: string,
  clientId: string,
  oid: string,
): readonly string[] {
  const own = store.get('consents', tid, keyOf(clientId, oid))?.scopes ?? [];
  const everybody = store.get('consents', tid, keyOf(clientId, null))?.scopes ?? [];
  return [...new Set([...own, ...everybody])];
}

/** Add to what a person, or with null everybody, has consented to. */
export function consent(
  store: Store,
  tid: string,
  clientId: string,
  oid: string | null,
  scopes: readonly string[],
): void {
  ensurePrincipal(store, tid, clientId);
  const key = keyOf(clientId, oid);
  const known = store.get('consents', tid, key)?.scopes ?? [];
  store.put('consents', tid, key, { clientId, oid, scopes: [...new Set([...known, ...scopes])] });
}

/** An administrator gives our app all application permissions that are registered on it. */
export function grantRegisteredRoles(store: Store, tid: string, client: Client): void {
  const principal = ensurePrincipal(store, tid, client.clientId);
  store.put('servicePrincipals', tid, client.clientId, { ...principal, roles: client.roles });
}

/** Which of these scopes an administrator has to give, and none has yet. */
export function missingAdminConsent(
  store: Store,
  tid: string,
  clientId: string,
  scopes: readonly string[],
): readonly string[] {
  const given = store.get('consents', tid, keyOf(clientId, null))?.scopes ?? [];
  const all = store.directory(tid)?.onlyAdministratorsConsent ?? false;
  return scopes.filter(
    (scope) =>
      (all || needsAdmin(scope)) &&
      !given.includes(scope) &&
      !(identityScopes as readonly string[]).includes(scope),
  );
}

/** @param oid of whom; null for the app's own, undefined for everybody's */
function endAccessTokens(store: Store, tid: string, oid?: string | null): void {
  for (const [token, grant] of store.entries('accessTokens', '')) {
    if (grant.tid === tid && (oid === undefined || grant.oid === oid)) {
      store.delete('accessTokens', '', token);
    }
  }
}

/**
 * Take back what a person has consented to (at myapps.microsoft.com). Refresh tokens stay where they
 * are and meet AADSTS65001, as Microsoft answers; access tokens end at once.
 */
export function revokePerson(store: Store, tid: string, oid: string): void {
  for (const [key, given] of store.entries('consents', tid)) {
    if (given.oid === oid) store.delete('consents', tid, key);
  }
  endAccessTokens(store, tid, oid);
}

/** An administrator deletes our enterprise application: everything it had in the directory is gone. */
export function revokeDirectory(store: Store, tid: string): void {
  for (const [key] of store.entries('servicePrincipals', tid)) {
    store.delete('servicePrincipals', tid, key);
  }
  for (const [key] of store.entries('consents', tid)) store.delete('consents', tid, key);
  endAccessTokens(store, tid);
}

/** Remove one permission; tokens that carry it end, so that the next ones show it. */
export function removePermission(
  store: Store,
  tid: string,
  oid: string | null,
  permission: string,
): void {
  const without = (list: readonly string[]) => list.filter((one) => one !== permission);
  if (oid === null) {
    for (const [key, row] of store.entries('servicePrincipals', tid)) {
      store.put('servicePrincipals', tid, key, { ...row, roles: without(row.roles) });
    }
  }
  for (const [key, row] of store.entries('consents', tid)) {
    if (row.oid === oid) store.put('consents', tid, key, { ...row, scopes: without(row.scopes) });
  }
  endAccessTokens(store, tid, oid);
}

/** The password was changed: what a person's sessions hold is over, the refresh tokens for good. */
export function endSessions(store: Store, tid: string, oid: string): void {
  for (const [token, row] of store.entries('refreshTokens', '')) {
    if (row.tid === tid && row.oid === oid) {
      store.put('refreshTokens', '', token, { ...row, ended: true });
    }
  }
  expireAccessTokens(store, tid, oid);
}

/** Let the access tokens of a person, or with null of the app itself, run out now. */
export function expireAccessTokens(store: Store, tid: string, oid: string | null): void {
  for (const [token, row] of store.entries('accessTokens', '')) {
    if (row.tid === tid && row.oid === oid) {
      store.put('accessTokens', '', token, { ...row, expiresAt: 0 });
    }
  }
}
