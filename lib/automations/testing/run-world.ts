import { beforeAll, beforeEach } from 'vitest';
import { type AutomationId, type ConnectionId, newId } from '@/db';
import { type TestDatabase, testDatabase } from '@/db/testing';
import type { Emulator } from '@/emulators';
import { connect, testGoogle, testMember } from '@/lib/connections/testing';
import type { MemberContext } from '@/lib/tenancy';
import type { RunView } from '../contract';
import { makeAutomation } from '.';

/** Accounts of the stand-in; a test that empties an inbox takes one of its own. */
export const accounts = {
  olivia: 'olivia@northwind.example',
  victor: 'victor@northwind.example',
  omar: 'omar@fabrikam.example',
  vera: 'vera@fabrikam.example',
  mika: 'mika@tailspin.example',
} as const;
export type Account = keyof typeof accounts;

/** An organisation with a connection to each account, and another that has nothing. */
export class RunWorld {
  readonly google: Emulator;
  readonly database: TestDatabase;
  context!: MemberContext;
  other!: MemberContext;
  readonly #connections = new Map<Account, ConnectionId>();

  constructor(google: Emulator, database: TestDatabase) {
    this.google = google;
    this.database = database;
  }

  async open(): Promise<void> {
    this.context = await testMember(this.database);
    this.other = await testMember(this.database);
    for (const account of Object.keys(accounts) as Account[]) {
      this.#connections.set(account, await connect(this.context, accounts[account]));
    }
  }

  make(
    template: string,
    parameters: Record<string, unknown>,
    account: Account = 'olivia',
  ): Promise<AutomationId> {
    const connectionId = this.connection(account);
    return makeAutomation(this.context, { connectionId, template, parameters });
  }

  connection(account: Account = 'olivia'): ConnectionId {
    const id = this.#connections.get(account);
    if (!id) throw new Error(`${account} is not connected`);
    return id;
  }

  /** @param limit messages looked through; more than 25 are more than one chunk */
  newsletters(account: Account, label = 'Newsletters', limit = 35): Promise<AutomationId> {
    return this.make('archive-newsletters', { label, olderThanDays: 7, limit }, account);
  }

  agenda(recipient: string): Promise<AutomationId> {
    return this.make('morning-agenda', { recipient, calendars: [], timeZone: 'Europe/Berlin' });
  }

  /** What is in a mailbox: the truth. */
  async mails(query: string, account: Account = 'olivia'): Promise<readonly { id: string }[]> {
    const q = encodeURIComponent(query);
    const answer = await fetch(`${this.google.url}/__mail?account=${accounts[account]}&q=${q}`);
    return (await answer.json()) as { id: string }[];
  }

  /** Requests that could have changed something, the token endpoint aside. */
  mutations() {
    return this.google
      .requests()
      .filter(({ method, path }) => method !== 'GET' && path !== '/token');
  }

  /** How many messages a run is about to have archived. */
  modifications() {
    return this.google.requests().filter(({ path }) => path.endsWith('/modify'));
  }
}

/** A world for this test file; faults and the log are fresh for every test. */
export function runWorld(): RunWorld {
  const messages = 80;
  const amounts = Object.values(accounts).map((email) => [email, { messages, files: 30 }]);
  const google = testGoogle({ seed: { amounts: Object.fromEntries(amounts) } });
  const world = new RunWorld(google, testDatabase());
  beforeAll(() => world.open());
  beforeEach(() => {
    google.clearFaults();
    google.clearRequests();
  });
  return world;
}

export const sendPath = '/gmail/v1/users/me/messages/send';
export const messagePath = '/gmail/v1/users/me/messages/*';
export const modifyPath = '/gmail/v1/users/me/messages/*/modify';

/** A mail address that nothing was sent to yet. */
export const newAddress = () => `${newId()}@example.com`;

/** A line of a run's summary. */
export function summed({ summary }: RunView, label: RegExp): string | number | undefined {
  return summary.find((line) => label.test(line.label))?.value;
}
