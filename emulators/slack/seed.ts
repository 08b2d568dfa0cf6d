import { organisations } from '../google/seed/organisations';
import { type Random, randomFrom } from '../google/seed/random';
import { type Channel, emptyState, type Person, type State } from './state';

/** The app that exists from the start. */
export const demoClient = {
  clientId: '101010101010.202020202020',
  clientSecret: 'tenantry-demo-secret',
  signingSecret: 'tenantry-demo-signing-secret',
  appId: 'A0TENANTRY',
  name: 'Tenantry',
} as const;

export interface SlackSeed {
  /** Further people and public channels in each workspace, for long listings. */
  readonly people?: number;
  readonly channels?: number;
  /** The app does not rotate its tokens. */
  readonly longLived?: boolean;
}

/** The organisations that use Slack. */
const domains: Readonly<Record<string, string>> = {
  'northwind.example': 'northwind',
  'fabrikam.example': 'fabrikam',
};

const upper = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';
/** 20 January 2025, when the demo's workspaces were opened. */
const opened = 1_737_331_200;

interface ChannelSeed {
  readonly name: string;
  readonly topic: string;
  readonly isPrivate?: true;
  readonly isArchived?: true;
  /** Our app was added to it. */
  readonly withApp?: true;
}

const channelSeeds: readonly ChannelSeed[] = [
  { name: 'general', topic: 'Company-wide announcements and work-based matters' },
  { name: 'random', topic: 'Everything else' },
  { name: 'sales', topic: 'Leads, quotes and wins' },
  { name: 'support', topic: 'Questions of customers' },
  { name: 'it-help', topic: 'Broken laptops and lost passwords' },
  { name: 'facilities', topic: 'Keys, desks and the coffee machine' },
  { name: 'product-news', topic: 'What is new' },
  { name: 'summer-party', topic: 'Last year’s', isArchived: true },
  { name: 'ops-alerts', topic: 'Only machines and those on duty', isPrivate: true, withApp: true },
  { name: 'leadership', topic: '', isPrivate: true },
];

function put<Row>(rows: Record<string, Record<string, Row>>, at: string, key: string, row: Row) {
  rows[at] ??= {};
  rows[at][key] = row;
}

function person(random: Random, name: string, more: Partial<Person>): Person {
  return {
    id: `U0${random.id(9, upper)}`,
    handle: name.toLowerCase().replace(/[^a-z]+/g, '.'),
    name,
    email: null,
    title: '',
    timeZone: 'Europe/London',
    admin: false,
    owner: false,
    guest: false,
    bot: false,
    deleted: false,
    ...more,
  };
}

/** The app's own user in a workspace; it is there from the start, and can do nothing yet. */
export const botUserId = (teamId: string): string =>
  `U0${randomFrom(`bot/${teamId}`).id(9, upper)}`;

/** The state of an emulator that nobody has used yet: two workspaces. */
export function seedState(seed: SlackSeed = {}): State {
  const state = emptyState();
  put(state.clients, '', demoClient.clientId, {
    ...demoClient,
    ...(seed.longLived && { longLived: true }),
  });
  for (const { domain: mailDomain, name, people, timeZone } of organisations) {
    const domain = domains[mailDomain];
    if (!domain) continue;
    const random = randomFrom(`slack/${domain}`);
    const teamId = `T0${random.id(9, upper)}`;
    put(state.teams, '', teamId, { id: teamId, name, domain });
    const everyone = [
      ...people.map(({ user, name: full, title }, index) =>
        person(random, full, {
          email: `${user}@${mailDomain}`,
          title,
          timeZone,
          // The first owns the workspace, the second looks after it.
          admin: index <= 1,
          owner: index === 0,
        }),
      ),
      person(random, 'Gina Guest', { email: 'gina@contractor.example', guest: true }),
      person(random, 'Former Colleague', { email: `former@${mailDomain}`, deleted: true }),
      person(random, 'Standup Robot', { bot: true }),
      ...Array.from({ length: seed.people ?? 0 }, (_, index) =>
        person(random, `Person ${index + 1}`, { email: `person${index + 1}@${mailDomain}` }),
      ),
      person(random, 'Slackbot', { id: 'USLACKBOT' }),
      person(random, demoClient.name, { id: botUserId(teamId), bot: true }),
    ];
    for (const one of everyone) put(state.people, teamId, one.id, one);
    const further = Array.from({ length: seed.channels ?? 0 }, (_, index) => ({
      name: `project-${String(index + 1).padStart(5, '0')}`,
      topic: '',
    }));
    const members = everyone.slice(0, people.length).map(({ id }) => id);
    for (const one of [...channelSeeds, ...further] as ChannelSeed[]) {
      const channel: Channel = {
        id: `C0${random.id(9, upper)}`,
        name: one.name,
        isPrivate: one.isPrivate ?? false,
        isArchived: one.isArchived ?? false,
        members: one.withApp ? [...members, botUserId(teamId)] : members,
        creator: members[0] as string,
        topic: one.topic,
        purpose: '',
        created: opened,
      };
      put(state.channels, teamId, channel.id, channel);
    }
  }
  return state;
}
