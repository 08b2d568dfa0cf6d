import type { Organisation } from '../../google/seed/organisations';
import type { Store, User } from '../state';
import { type Amounts, type SeedOptions, usualAmounts } from '.';
import { seedCalendars, seedPlainCalendar } from './calendars';
import { seedDirectories } from './directories';
import { driveId, seedOneDrive } from './drives';
import { seedMailbox } from './mailbox';

/** The made-up thousands have little, so that a whole directory of them still fits. */
const smallAmounts: Amounts = { messages: 3, events: 2, files: 3 };

/** Makes what somebody has when it is first looked at: thousands of mailboxes cost nothing before. */
export class LazyContents {
  constructor(
    readonly store: Store,
    readonly options: SeedOptions,
  ) {}

  mailbox(tid: string, user: User): void {
    if (this.store.all('folders', user.oid).length > 0) return;
    const { organisation, now, amounts } = this.#for(tid, user);
    seedMailbox(this.store, user, organisation, now, amounts.messages);
  }

  calendars(tid: string, user: User): void {
    if (this.store.all('calendars', user.oid).length > 0) return;
    const { organisation, now, amounts, known } = this.#for(tid, user);
    if (known) seedCalendars(this.store, user, organisation, now, amounts.events);
    else seedPlainCalendar(this.store, user, now, amounts.events);
  }

  drive(tid: string, user: User): void {
    if (this.store.get('drives', '', driveId(user.oid))) return;
    const { organisation, now, amounts } = this.#for(tid, user);
    seedOneDrive(this.store, user, organisation, now, amounts.files);
  }

  #for(
    tid: string,
    user: User,
  ): { organisation: Organisation; now: number; amounts: Amounts; known: boolean } {
    const found = seedDirectories.find((one) => one.tid === tid);
    if (!found) throw new Error(`There is no directory ${tid}.`);
    const { organisation } = found;
    const known = [...organisation.people, ...found.extra].some(({ user: name }) =>
      user.upn.startsWith(`${name}@`),
    );
    const { now = Date.now(), amounts } = this.options;
    const usual = known ? usualAmounts : smallAmounts;
    return { organisation, now, known, amounts: { ...usual, ...amounts } };
  }
}
