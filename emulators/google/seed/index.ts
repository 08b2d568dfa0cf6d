import { type Account, emptyState, type State } from '../state';
import { calendars, primaryCalendar } from './calendars';
import { ownFiles, sharedDrive } from './files';
import { mailbox, systemLabels, userLabels } from './mail';
import { addressOf, type Organisation, organisations } from './organisations';
import { crowd, directoryOf } from './organizations';
import { randomFrom } from './random';

/** The OAuth client that exists from the start. */
export const demoClient = {
  clientId: 'tenantry-demo.apps.googleusercontent.com',
  clientSecret: 'tenantry-demo-secret',
  name: 'Tenantry',
} as const;

/** How much one account has. */
export interface Amounts {
  readonly messages: number;
  readonly files: number;
}

export interface SeedOptions {
  /** Moment that mail and events are laid around, in milliseconds since the epoch. */
  readonly now?: number;
  /** By mail address; the rest have the usual amounts. Thousands are fine. */
  readonly amounts?: Readonly<Record<string, Partial<Amounts>>>;
  /** Further people by domain, with an empty mailbox and a calendar each. */
  readonly crowd?: Readonly<Record<string, number>>;
}

/** The first one of an organisation is its administrator, and looked at most. */
const usual: readonly (Amounts & Pick<Account, 'admin' | 'gmail' | 'suspended'>)[] = [
  { messages: 360, files: 220, admin: true },
  { messages: 140, files: 60 },
  { messages: 0, files: 5, gmail: false },
  { messages: 0, files: 5, suspended: true },
];

function put<Row>(
  rows: Record<string, Record<string, Row>>,
  partition: string,
  key: string,
  row: Row,
) {
  rows[partition] ??= {};
  rows[partition][key] = row;
}

function seedAccount(
  state: State,
  organisation: Organisation,
  index: number,
  options: SeedOptions,
) {
  const person = organisation.people[index];
  const about = usual[index];
  if (!person || !about) return;
  const { messages, files, ...special } = about;
  const now = options.now ?? Date.now();
  const email = addressOf(organisation, person);
  const random = randomFrom(email);
  const [givenName = '', familyName = ''] = person.name.split(' ');
  const account: Account = {
    sub: `1${random.id(20, '0123456789')}`,
    email,
    name: person.name,
    givenName,
    familyName,
    hd: organisation.domain,
    timeZone: organisation.timeZone,
    ...special,
  };
  const amounts = { messages, files, ...options.amounts?.[email] };
  put(state.accounts, '', email, account);
  for (const label of [...systemLabels, ...userLabels(organisation)]) {
    put(state.labels, email, label.id, label);
  }
  for (const message of mailbox(random, organisation, person, now, amounts.messages)) {
    put(state.messages, email, message.id, message);
  }
  for (const file of ownFiles(random, organisation, account, now, amounts.files)) {
    put(state.files, '', file.id, file);
  }
  for (const { calendar, events } of calendars(random, organisation, person, now)) {
    put(state.calendars, email, calendar.id, calendar);
    for (const event of events) put(state.events, calendar.id, event.id, event);
  }
}

/** The state of an emulator that nobody has used yet: three organisations and what they have. */
export function seedState(options: SeedOptions = {}): State {
  const state = emptyState();
  put(state.clients, '', demoClient.clientId, demoClient);
  for (const organisation of organisations) {
    const { organization, serviceAccount } = directoryOf(organisation);
    put(state.organizations, '', organization.domain, organization);
    put(state.serviceAccounts, '', serviceAccount.email, serviceAccount);
    for (const one of crowd(organisation, options.crowd?.[organisation.domain] ?? 0)) {
      put(state.accounts, '', one.email, one);
      put(state.calendars, one.email, one.email, primaryCalendar(one.email, one.timeZone));
    }
    for (const index of usual.keys()) seedAccount(state, organisation, index, options);
    const random = randomFrom(organisation.domain);
    const { drive, files } = sharedDrive(random, organisation, options.now ?? Date.now(), 40);
    put(state.drives, '', drive.id, drive);
    for (const file of files) put(state.files, '', file.id, file);
  }
  return state;
}
