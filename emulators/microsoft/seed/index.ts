import { type Client, emptyState, type State, Store } from '../state';
import { peopleOf, seedDirectories } from './directories';
import { seedSites } from './drives';
import { seedTeams } from './teams';

/** The app registration that exists from the start, with what is registered on it. */
export const demoApp = {
  clientId: '7e0a4a8e-6d3f-4a53-9d4b-1f3f5c1d2e60',
  secret: 'tenantry-demo-secret',
  roles: [
    ...['Organization.Read.All', 'User.Read.All', 'RoleManagement.Read.Directory'],
    ...['Mail.ReadWrite', 'Calendars.ReadWrite', 'Files.Read.All', 'Sites.Read.All'],
    ...['Team.ReadBasic.All', 'Channel.ReadBasic.All', 'MailboxSettings.ReadWrite', 'Mail.Send'],
  ],
} as const;

export interface SeedOptions {
  /** Moment that mail and events are laid around, in milliseconds since the epoch. */
  readonly now?: number;
  /** How many people a directory has at least, by its domain. Thousands are fine. */
  readonly people?: Readonly<Record<string, number>>;
  /** How much each mailbox and drive has; made when it is first looked at. */
  readonly amounts?: Partial<Amounts>;
  /** Certificates registered on our app, as PEM. */
  readonly certificates?: readonly string[];
  /** Application permissions registered on our app, if others than the product asks for. */
  readonly roles?: readonly string[];
}

export interface Amounts {
  readonly messages: number;
  readonly events: number;
  readonly files: number;
}

export const usualAmounts: Amounts = { messages: 80, events: 30, files: 40 };

/** The state of an emulator that nobody has used yet: two directories and their people. */
export function seedState(options: SeedOptions = {}): State {
  const state = emptyState();
  const store = new Store(state);
  const client: Client = {
    clientId: demoApp.clientId,
    name: 'Tenantry',
    secrets: [demoApp.secret],
    certificates: options.certificates ?? [],
    roles: options.roles ?? demoApp.roles,
  };
  store.put('clients', '', client.clientId, client);
  for (const directory of seedDirectories) {
    const { tid, organisation } = directory;
    const { name, domain, timeZone } = organisation;
    store.put('directories', '', tid, { tid, name, domain, timeZone, deltaAge: 0 });
    for (const user of peopleOf(directory, options.people?.[domain] ?? 0)) {
      store.put('users', tid, user.oid, { id: user.oid, seq: store.nextSeq(), user });
    }
    seedSites(store, tid, organisation, options.now ?? Date.now());
    seedTeams(store, tid, organisation);
  }
  return state;
}
