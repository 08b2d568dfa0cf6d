import { badRequest, noUser } from '../errors';
import type { App } from '../login';
import { roleNames } from '../permissions';
import type { Directory, Store, User } from '../state';
import { type Access, findPerson, type GraphCall, graphRoutes, requireMe } from './api';
import { delta } from './delta';
import { collection, ordered, page, top } from './odata';

/** Source: https://learn.microsoft.com/graph/api/resources/user */
export function userResource(user: User) {
  return {
    '@odata.type': '#microsoft.graph.user',
    id: user.oid,
    displayName: user.displayName,
    givenName: user.givenName,
    surname: user.surname,
    jobTitle: user.jobTitle,
    mail: user.licensed ? user.upn : null,
    userPrincipalName: user.upn,
    accountEnabled: true,
    userType: 'Member',
    businessPhones: [],
    preferredLanguage: null,
  };
}

/** What comes without `$select`; the rest has to be asked for. */
function withDefaults(user: User, select: string | null) {
  const { accountEnabled, userType, '@odata.type': _type, ...usual } = userResource(user);
  return select ? { ...usual, accountEnabled, userType } : usual;
}

const readUsers: Access = {
  family: 'directory',
  delegated: ['User.ReadBasic.All', 'User.Read.All', 'Directory.Read.All'],
  application: ['User.Read.All', 'Directory.Read.All'],
};
const readMe: Access = {
  family: 'directory',
  delegated: ['User.Read', 'User.ReadWrite', 'User.Read.All'],
  application: ['User.Read.All'],
};
const readMembership: Access = {
  family: 'directory',
  delegated: ['User.Read', 'User.Read.All', 'Directory.Read.All'],
  application: ['User.Read.All', 'Directory.Read.All'],
};
const readOrganisation: Access = {
  family: 'directory',
  delegated: ['User.Read', 'Organization.Read.All', 'Directory.Read.All'],
  application: ['Organization.Read.All', 'Directory.Read.All'],
};
const readApplications: Access = {
  family: 'directory',
  delegated: ['Application.Read.All', 'Directory.Read.All'],
  application: ['Application.Read.All', 'Directory.Read.All'],
};

/** A subset of `$filter`: comparisons by equality or beginning, joined by `and`. */
function filtered(users: readonly User[], filter: string | null): readonly User[] {
  if (!filter) return users;
  const tests = filter.split(/\s+and\s+/i).map((part) => {
    const [, name, word] = /^(\w+) eq '?([^']*)'?$/.exec(part.trim()) ?? [];
    const [, begun, start] = /^startswith\((\w+),\s*'([^']*)'\)$/i.exec(part.trim()) ?? [];
    const property = name ?? begun ?? '';
    return (user: User) => {
      const row: Record<string, unknown> = userResource(user);
      if (!(property in row))
        throw badRequest(`Invalid filter clause: ${part}`, 'Request_UnsupportedQuery');
      const value = String(row[property]).toLowerCase();
      const wanted = (word ?? start ?? '').toLowerCase();
      return start === undefined ? value === wanted : value.startsWith(wanted);
    };
  });
  return users.filter((user) => tests.every((test) => test(user)));
}

function listUsers(call: GraphCall) {
  const { store, tid, query } = call;
  const users = ordered(filtered(store.people(tid), query.get('$filter')), ({ oid }) => oid);
  const given = page(call, users, ({ oid }) => oid, top(call, 100, 999));
  return collection(given, (user) => withDefaults(user, query.get('$select')));
}

function usersDelta(call: GraphCall) {
  const rows = call.store.all('users', call.tid);
  return delta(
    call,
    rows.map(({ user, ...row }) => ({ ...row, user })),
    100,
    ({ user }) => withDefaults(user, call.query.get('$select')),
    ({ user }) => ({ id: user.oid, '@removed': { reason: 'changed' } }),
  );
}

function organisationResource({ tid, name, domain }: Directory) {
  const usual = { capabilities: 'Email, OfficeCommunicationsOnline', type: 'Managed' };
  return {
    id: tid,
    displayName: name,
    tenantType: 'AAD',
    verifiedDomains: [{ ...usual, name: domain, isDefault: true, isInitial: false }],
  };
}

/** Teams that somebody is in, as the groups that they are. */
function groupsOf({ store, tid }: GraphCall, user: User) {
  return store
    .all('teams', tid)
    .filter(({ members }) => members.includes(user.oid))
    .map(({ id, displayName }) => ({ '@odata.type': '#microsoft.graph.group', id, displayName }));
}

/**
 * The directory roles that somebody holds. Who may not read roles is told that there are some, and
 * no more (https://learn.microsoft.com/graph/permissions-overview#limited-information-returned).
 */
function rolesOf(call: GraphCall, user: User) {
  const { tid, token } = call;
  const readable = ['RoleManagement.Read.Directory', 'Directory.Read.All'].some((permission) =>
    token.permissions.includes(permission),
  );
  return user.roles.map((templateId) => ({
    '@odata.type': '#microsoft.graph.directoryRole',
    id: `${templateId.slice(0, 24)}${tid.slice(0, 12).replaceAll('-', '0')}`,
    displayName: readable ? (roleNames[templateId] ?? null) : null,
    description: null,
    roleTemplateId: readable ? templateId : null,
  }));
}

/** What somebody is in, or only the roles among it. */
function membership(call: GraphCall, user: User, onlyRoles: boolean) {
  const all = [...rolesOf(call, user), ...(onlyRoles ? [] : groupsOf(call, user))];
  const keyOf = ({ id }: { id: string }) => id;
  const given = page(call, ordered<{ id: string }>(all, keyOf), keyOf, top(call, 100, 999));
  return collection(given, (one) => one);
}

function servicePrincipals({ store, tid, query }: GraphCall) {
  const appId = /^appId eq '([^']+)'$/.exec(query.get('$filter') ?? '')?.[1];
  const all = store.all('servicePrincipals', tid);
  const found = appId ? all.filter(({ clientId }) => clientId === appId) : all;
  return {
    value: found.map(({ oid, clientId }) => ({
      id: oid,
      appId: clientId,
      displayName: store.get('clients', '', clientId)?.name ?? null,
      accountEnabled: true,
    })),
  };
}

/** People, the organisation, and who may do what in it. */
export function directoryRoutes(app: App, store: Store, baseUrl: string): void {
  const { route } = graphRoutes(app, store, baseUrl);
  route('get', '/me', readMe, (call) => withDefaults(requireMe(call), call.query.get('$select')));
  route('get', '/users', readUsers, listUsers);
  for (const path of ['/users/delta', '/users/microsoft.graph.delta()', '/users/delta()']) {
    route('get', path, readUsers, usersDelta);
  }
  route(
    'get',
    '/users/:user',
    { ...readUsers, delegated: [...(readUsers.delegated ?? []), 'User.Read'] },
    (call) => {
      const user = findPerson(call, call.params.user ?? '');
      const others = readUsers.delegated?.some((one) => call.token.permissions.includes(one));
      if (call.me && call.me.oid !== user.oid && !others) throw noUser(user.oid);
      return withDefaults(user, call.query.get('$select'));
    },
  );
  for (const [path, onlyRoles] of [
    ['transitiveMemberOf', false],
    ['transitiveMemberOf/microsoft.graph.directoryRole', true],
  ] as const) {
    route('get', `/me/${path}`, readMembership, (call) =>
      membership(call, requireMe(call), onlyRoles),
    );
    route('get', `/users/:user/${path}`, readMembership, (call) =>
      membership(call, findPerson(call, call.params.user ?? ''), onlyRoles),
    );
  }
  route('get', '/organization', readOrganisation, ({ store: rows, tid }) => ({
    value: rows
      .all('directories', '')
      .filter((one) => one.tid === tid)
      .map(organisationResource),
  }));
  route('get', '/servicePrincipals', readApplications, servicePrincipals);
}
