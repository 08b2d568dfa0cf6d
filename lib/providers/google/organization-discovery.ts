import { type DiscoveredResource, ProviderError } from '../contract';
import type { DiscoveryOptions } from '../provider';
import { calendarPages } from './calendar';
import { type DirectoryUser, directoryPeople, personResource } from './directory';
import {
  type Batches,
  calendarResource,
  mailbox,
  myDrive,
  sharedDriveResource,
  sharedDrives,
} from './discovery';
import type { GoogleApis } from './transport';

export interface Organization {
  /** In the administrator's name. */
  readonly apis: GoogleApis;
  /** In one person's name. */
  readonly apisOf: (address: string) => GoogleApis;
  /** Whether the administrator allowed what listing shared drives takes. */
  readonly withSharedDrives: boolean;
}

/** People asked about at the same time: each has a budget of their own at Google. */
const atOnce = 8;

const addressOf = ({ primaryEmail }: DirectoryUser) => primaryEmail.toLowerCase();
const works = ({ suspended, archived }: DirectoryUser) => !(suspended || archived);

/** Somebody who has no such service, left a moment ago, or is out of reach: others are not. */
function concernsOne(error: unknown): boolean {
  return (
    error instanceof ProviderError && (error.kind === 'forbidden' || error.kind === 'not_found')
  );
}

async function gather(batches: Batches): Promise<readonly DiscoveredResource[]> {
  const found: DiscoveredResource[] = [];
  try {
    for await (const batch of batches) found.push(...batch);
  } catch (error) {
    if (!concernsOne(error)) throw error;
  }
  return found;
}

/** What each person has, a few people at a time; holds one page of people. */
async function* ofEach(
  { apis, apisOf }: Organization,
  suits: (person: DirectoryUser) => boolean,
  list: (apis: GoogleApis, address: string) => Batches,
): Batches {
  for await (const page of directoryPeople(apis)) {
    const people = page.filter((person) => works(person) && suits(person));
    for (let at = 0; at < people.length; at += atOnce) {
      const found = await Promise.all(
        people.slice(at, at + atOnce).map((person) => {
          const address = addressOf(person);
          return gather(list(apisOf(address), address));
        }),
      );
      yield found.flat();
    }
  }
}

async function* people({ apis }: Organization): Batches {
  for await (const page of directoryPeople(apis)) yield page.map(personResource);
}

/** Everybody's Inbox has the same id: here it is said whose. */
async function* mailboxWithOwnLabels(apis: GoogleApis, address: string): Batches {
  for await (const batch of mailbox(apis)) {
    yield batch.map((one) =>
      one.kind === 'label'
        ? {
            ...one,
            providerId: `${address}/${one.providerId}`,
            attributes: { ...one.attributes, label: one.providerId, owner: address },
          }
        : one,
    );
  }
}

async function* drives(organization: Organization): Batches {
  if (organization.withSharedDrives) {
    for await (const page of sharedDrives(organization.apis, true)) {
      yield page.map(sharedDriveResource);
    }
  }
  yield* ofEach(organization, () => true, myDrive);
}

/** Those one owns: a calendar that is shared with a hundred people is found once, not as theirs. */
async function* ownCalendars(apis: GoogleApis, address: string): Batches {
  for await (const page of calendarPages(apis, { minAccessRole: 'owner' })) {
    yield page.items.map((entry) => {
      const found = calendarResource(entry);
      return { ...found, attributes: { ...found.attributes, owner: address } };
    });
  }
}

export const organizationPhases = ['people', 'mailbox', 'drives', 'calendars'] as const;

/**
 * What an organisation has: its people, their mailboxes with labels, shared and personal drives, and
 * calendars. Files are not listed: there may be millions, and an action looks for its own.
 */
export async function* discoverOrganization(
  organization: Organization,
  { only = organizationPhases, report = () => {} }: DiscoveryOptions = {},
): Batches {
  const batchesOf: Readonly<Record<(typeof organizationPhases)[number], () => Batches>> = {
    people: () => people(organization),
    mailbox: () => ofEach(organization, (one) => one.isMailboxSetup, mailboxWithOwnLabels),
    drives: () => drives(organization),
    calendars: () => ofEach(organization, () => true, ownCalendars),
  };
  for (const phase of organizationPhases.filter((one) => only.includes(one))) {
    let found = 0;
    for await (const batch of batchesOf[phase]()) {
      if (batch.length === 0) continue;
      yield batch;
      found += batch.length;
      await report({ phase, found, total: null, done: false });
    }
    await report({ phase, found, total: found, done: true });
  }
}
