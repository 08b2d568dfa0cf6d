import { type ServingRole, servingRoles } from './schema/roles';

/** What the serving roles log in with, and the key that signs tenant contexts. */
export type ServingSecrets = Readonly<Record<ServingRole | 'contextKey', string>>;

/** What a process serves with: a login per serving role, and the key that signs tenant contexts. */
export type ServingAccess = Readonly<Record<ServingRole | 'contextKey', string>>;

/** The same server and login, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}

/** The same server and database, another login. */
export function withLogin(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = encodeURIComponent(user);
  changed.password = encodeURIComponent(password);
  return changed.href;
}

const roles = Object.keys(servingRoles) as ServingRole[];

/** What to serve with from the database of `url`. */
export function servingAccess(url: string, secrets: ServingSecrets): ServingAccess {
  const logins = roles.map((role) => [role, withLogin(url, servingRoles[role], secrets[role])]);
  return { ...Object.fromEntries(logins), contextKey: secrets.contextKey };
}

/** The secrets in what a process serves with. */
export function secretsOf(access: ServingAccess): ServingSecrets {
  const passwords = roles.map((role) => [role, decodeURIComponent(new URL(access[role]).password)]);
  return { ...Object.fromEntries(passwords), contextKey: access.contextKey };
}
