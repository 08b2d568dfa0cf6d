import { type ServingRole, servingRoles } from './schema/roles';

/** A login per serving role. */
export type ServingUrls = Readonly<Record<ServingRole, string>>;

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

/** The serving logins to the database of `url`. */
export function servingUrls(
  url: string,
  passwords: Readonly<Record<ServingRole, string>>,
): ServingUrls {
  const entries = (Object.keys(servingRoles) as ServingRole[]).map((role) => [
    role,
    withLogin(url, servingRoles[role], passwords[role]),
  ]);
  return Object.fromEntries(entries) as ServingUrls;
}

/** The passwords in a set of serving logins. */
export function passwordsOf(urls: ServingUrls): Readonly<Record<ServingRole, string>> {
  const entries = Object.entries(urls).map(([role, url]) => [
    role,
    decodeURIComponent(new URL(url).password),
  ]);
  return Object.fromEntries(entries);
}
