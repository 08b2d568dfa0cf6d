import type { z } from 'zod';
import type { DiscoveredChange } from '../contract';
import { ProviderError } from '../contract';
import type { DiscoveryCursors, DiscoveryOptions } from '../provider';
import { type BatchAnswer, batchSize, readBatch } from './batch';
import { calendar, calendarFields } from './calendar';
import { deltaPages } from './delta';
import { type Batches, goThrough, type Person } from './discovery-phases';
import { type Graph, listing } from './graph';
import { discoverMailboxes } from './mailboxes';
import { readAhead } from './read-ahead';
import { holds } from './scopes';
import {
  calendarResource,
  channel,
  channelFields,
  channelResource,
  drive,
  driveFields,
  driveResource,
  mailAddress,
  site,
  siteFields,
  siteResource,
  team,
  teamFields,
  teamResource,
  user,
  userChange,
  userFields,
} from './shapes';

export const applicationPhases = ['people', 'mailbox', 'drives', 'calendars', 'channels'] as const;

const readUsers = ['User.Read.All'] as const;
const readFiles = ['Files.Read.All', 'Sites.Read.All'] as const;
const readSites = ['Sites.Read.All'] as const;
const readCalendars = ['Calendars.Read', 'Calendars.ReadWrite'] as const;
const readTeams = ['Team.ReadBasic.All'] as const;
const readChannels = ['Channel.ReadBasic.All'] as const;

/** Most that the directory gives at once (https://learn.microsoft.com/graph/api/user-list). */
const userPageSize = 999;

/** Twenty at a time: what fits one batch. */
function groups<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / batchSize);
  return Array.from({ length: count }, (_, at) =>
    items.slice(at * batchSize, (at + 1) * batchSize),
  );
}

async function* people(graph: Graph, cursors: DiscoveryCursors | undefined): Batches {
  const scope = 'users';
  const pages = deltaPages(graph, cursors, {
    scope,
    path: '/users/delta',
    item: user,
    options: { query: { $select: userFields }, takes: readUsers },
  });
  for await (const users of pages) yield users.map((one) => userChange(one, scope));
}

/** Everybody there is now, twenty at a time; holds one page of the directory. */
async function* everybody(graph: Graph): AsyncGenerator<readonly Person[]> {
  const pages = graph.pages('/users', user, {
    query: { $select: userFields, $top: userPageSize },
    takes: readUsers,
  });
  for await (const { items } of pages) {
    yield* groups(items.map((one) => ({ id: one.id, address: mailAddress(one) })));
  }
}

/** The rest of a listing whose first page came in a batch. */
async function all<Item extends z.ZodType>(
  graph: Graph,
  answer: BatchAnswer<z.output<ReturnType<typeof listing<Item>>>>,
  item: Item,
  takes: readonly string[],
): Promise<readonly z.output<Item>[]> {
  if (!answer.ok) return [];
  const items: z.output<Item>[] = [...answer.value.value];
  const next = answer.value['@odata.nextLink'];
  if (next === undefined) return items;
  for await (const page of graph.pages(next, item, { takes })) items.push(...page.items);
  return items;
}

async function* personalDrives(graph: Graph): Batches {
  for await (const group of everybody(graph)) {
    const answers = await readBatch(
      graph,
      group.map(({ id }) => ({
        path: `/users/${id}/drive?$select=${driveFields}`,
        shape: drive,
        takes: readFiles,
      })),
    );
    yield answers.flatMap((answer, at) =>
      answer.ok ? [driveResource(answer.value, group[at]?.id ?? null)] : [],
    );
  }
}

async function* siteDrives(graph: Graph): Batches {
  const pages = graph.pages('/sites/getAllSites', site, {
    query: { $select: siteFields },
    takes: readSites,
  });
  for await (const { items } of pages) {
    // Those are the OneDrives, which were found with their people.
    const sites = items.filter(({ isPersonalSite }) => !isPersonalSite);
    yield sites.map(siteResource);
    for (const group of groups(sites)) {
      const answers = await readBatch(
        graph,
        group.map(({ id }) => ({
          path: `/sites/${encodeURIComponent(id)}/drives?$select=${driveFields}`,
          shape: listing(drive),
          takes: readFiles,
        })),
      );
      for (const [at, answer] of answers.entries()) {
        const found = await all(graph, answer, drive, readFiles);
        yield found.map((one) => driveResource(one, group[at]?.id ?? null));
      }
    }
  }
}

async function* drives(graph: Graph): Batches {
  yield* readAhead(personalDrives(graph));
  yield* readAhead(siteDrives(graph));
}

async function* calendars(graph: Graph): Batches {
  for await (const group of everybody(graph)) {
    const owners = group.filter(({ address }) => address !== null);
    const answers = await readBatch(
      graph,
      owners.map(({ id }) => ({
        path: `/users/${id}/calendars?$select=${calendarFields}&$top=100`,
        shape: listing(calendar),
        takes: readCalendars,
      })),
    );
    const batch: DiscoveredChange[] = [];
    for (const [at, answer] of answers.entries()) {
      const found = await all(graph, answer, calendar, readCalendars);
      batch.push(...found.map((one) => calendarResource(one, owners[at]?.address ?? null)));
    }
    yield batch;
  }
}

async function* channels(graph: Graph, granted: readonly string[]): Batches {
  const mayList = [...readTeams, ...readChannels].every((scope) => holds(granted, scope));
  if (!mayList) return;
  const pages = graph.pages('/teams', team, {
    query: { $select: teamFields, $top: userPageSize },
    takes: readTeams,
  });
  for await (const { items } of pages) {
    yield items.map(teamResource);
    for (const group of groups(items)) {
      const answers = await readBatch(
        graph,
        group.map(({ id }) => ({
          path: `/teams/${encodeURIComponent(id)}/channels?$select=${channelFields}`,
          shape: listing(channel),
          takes: readChannels,
        })),
      );
      for (const [at, answer] of answers.entries()) {
        const teamId = group[at]?.id ?? '';
        const found = await all(graph, answer, channel, readChannels);
        yield found.map((one) => channelResource(one, teamId));
      }
    }
  }
}

/** A tenant without SharePoint or Teams has everything else. */
async function* unlessAbsent(batches: Batches): Batches {
  try {
    yield* batches;
  } catch (error) {
    const absent = error instanceof ProviderError && error.kind === 'not_found';
    if (!absent) throw error;
  }
}

/**
 * What an organisation has: people, mailboxes with folders, drives, sites, calendars, teams, channels.
 * @param granted the roles that its administrator gave: channels are left out where they did not
 */
export function discoverOrganization(
  graph: Graph,
  granted: readonly string[],
  options: DiscoveryOptions = {},
): Batches {
  const { cursors } = options;
  return goThrough(
    {
      people: () => people(graph, cursors),
      mailbox: () => discoverMailboxes(graph, everybody(graph), cursors),
      drives: () => unlessAbsent(drives(graph)),
      calendars: () => readAhead(calendars(graph)),
      channels: () => unlessAbsent(readAhead(channels(graph, granted))),
    },
    applicationPhases,
    options,
  );
}
