import { type AccountView, keptState, type ServiceDefinition, UnknownAccount } from '../service';
import { applyTableChange } from '../tables';
import {
  consentedScopes,
  endSessions,
  expireAccessTokens,
  removePermission,
  revokeDirectory,
  revokePerson,
} from './consent';
import { control } from './control';
import { deltaAge } from './graph/delta';
import { sendLifecycle, subscriptionsOf } from './notifications';
import { presets } from './presets';
import { demoApp, type SeedOptions, seedState } from './seed';
import { startMicrosoft } from './service';
import type { Change, Directory, State, Store, Tables } from './state';

/** What concerns one person; the rest is of a directory as a whole. */
const ofPerson = ['revoke', 'expire', 'remove_permission', 'end_sessions', 'expire_deltas'];

/** The directories first, each with its people below it. Of thousands, those who let us in. */
function accounts(store: Store): AccountView[] {
  return store.all('directories', '').flatMap((directory) => {
    const { tid, name } = directory;
    const principal = store.get('servicePrincipals', tid, demoApp.clientId);
    const people = store.people(tid).map(({ oid, upn, displayName }) => ({
      account: upn,
      name: displayName,
      group: name,
      granted: consentedScopes(store, tid, demoApp.clientId, oid),
      actions: ofPerson,
    }));
    const shown = people.filter(({ granted }, index) => index < 12 || granted.length > 0);
    const organisation = {
      account: tid,
      name: `${name}: the whole organisation`,
      group: name,
      granted: principal?.roles ?? [],
    };
    return [organisation, ...shown];
  });
}

/** @returns the directory, and the person in it or null */
function target(store: Store, account: string) {
  const directory = store.directory(account);
  if (directory) return { tid: directory.tid, user: null };
  for (const { tid } of store.all('directories', '')) {
    const user = store.people(tid).find(({ upn }) => upn === account.toLowerCase());
    if (user) return { tid, user };
  }
  throw new UnknownAccount(account);
}

function changeDirectory(store: Store, tid: string, change: Partial<Directory>): void {
  const directory = store.get('directories', '', tid);
  if (directory) store.put('directories', '', tid, { ...directory, ...change });
}

/** By a count and no clock: a link may be given out in the very millisecond before or after. */
function expireDeltas(store: Store, tid: string): void {
  changeDirectory(store, tid, { deltaAge: deltaAge(store, tid) + 1 });
}

/** Graph tells subscribers that an administrator or a person took something back. */
async function tellSubscribers(store: Store, tid: string, oid: string | null): Promise<void> {
  const concerned = subscriptionsOf(store, tid, oid);
  await sendLifecycle(store, tid, concerned, 'reauthorizationRequired');
}

async function act(store: Store, action: string, account: string, permission = ''): Promise<void> {
  const { tid, user } = target(store, account);
  switch (action) {
    case 'revoke':
      if (user) revokePerson(store, tid, user.oid);
      else revokeDirectory(store, tid);
      break;
    case 'expire':
      expireAccessTokens(store, tid, user?.oid ?? null);
      break;
    case 'remove_permission':
      removePermission(store, tid, user?.oid ?? null, permission);
      break;
    case 'end_sessions':
      for (const one of user ? [user] : store.people(tid)) endSessions(store, tid, one.oid);
      break;
    case 'close_to_apps':
      changeDirectory(store, tid, { onlyAdministratorsConsent: true });
      break;
    case 'open_to_apps':
      changeDirectory(store, tid, { onlyAdministratorsConsent: false });
      break;
    default:
      expireDeltas(store, tid);
  }
  store.commit();
  if (action === 'revoke' || action === 'remove_permission') {
    await tellSubscribers(store, tid, user?.oid ?? null);
  }
}

/** Microsoft, as one of the emulated services. */
export const microsoft: ServiceDefinition<SeedOptions> = {
  name: 'microsoft',
  title: 'Microsoft 365',
  clientEnv: { MICROSOFT_CLIENT_ID: demoApp.clientId, MICROSOFT_CLIENT_SECRET: demoApp.secret },
  actions: {
    revoke: { label: 'Take back the consent' },
    expire: { label: 'Let access tokens run out' },
    remove_permission: { label: 'Remove a permission', perPermission: true },
    end_sessions: { label: 'End sessions (password changed)' },
    expire_deltas: { label: 'Let delta links run out' },
    close_to_apps: { label: 'Let only administrators allow apps' },
    open_to_apps: { label: 'Let people allow apps themselves' },
  },
  presets,
  async start({ url, dataDir, seed }) {
    const kept = keptState<State, Change>(
      'microsoft',
      dataDir,
      () => seedState(seed),
      (state, change) => applyTableChange<Tables>(state, change),
    );
    const service = await startMicrosoft(url, kept.state, kept.record, seed ?? {});
    const { store } = service;
    return {
      fetch: service.fetch,
      accountOf: service.accountOf,
      accounts: () => accounts(store),
      act: (action, account, permission) => act(store, action, account, permission),
      control: (request) => control(store, request),
      async close() {
        await service.close();
        kept.close();
      },
    };
  },
};
