import { z } from 'zod';
import { ProviderError } from '../contract';
import type { DiscoveryCursors, DiscoveryOptions } from '../provider';
import { calendar, calendarFields } from './calendar';
import { deltaPages } from './delta';
import { type Batches, goThrough } from './discovery-phases';
import type { Graph } from './graph';
import { holds } from './scopes';
import {
  calendarResource,
  channel,
  channelFields,
  channelResource,
  drive,
  driveFields,
  driveItem,
  driveItemChanges,
  driveItemFields,
  driveResource,
  mailboxResource,
  mailFolder,
  mailFolderChange,
  mailFolderFields,
  team,
  teamResource,
} from './shapes';

export const delegatedPhases = ['mailbox', 'drives', 'files', 'calendars', 'channels'] as const;

const readMail = ['Mail.ReadWrite', 'Mail.Read'] as const;
const readCalendars = ['Calendars.Read', 'Calendars.ReadWrite'] as const;
const readFiles = ['Files.Read'] as const;
const readTeams = ['Team.ReadBasic.All'] as const;
const readChannels = ['Channel.ReadBasic.All'] as const;

/** A page that is quick to fetch and small to hold. */
const filePageSize = 200;

const me = z.object({ mail: z.string().nullish(), userPrincipalName: z.string().min(1) });

/** Without a licence for it an account has no mailbox, calendar or OneDrive; all else is fine. */
async function* unlessMissing(batches: Batches): Batches {
  try {
    yield* batches;
  } catch (error) {
    const missing = error instanceof ProviderError && error.kind === 'not_found';
    if (!missing) throw error;
  }
}

async function address(graph: Graph): Promise<string> {
  const { mail, userPrincipalName } = await graph.get('/me', me, {
    query: { $select: 'mail,userPrincipalName' },
    takes: ['User.Read'],
  });
  return (mail ?? userPrincipalName).toLowerCase();
}

async function* mailbox(graph: Graph, cursors: DiscoveryCursors | undefined): Batches {
  const owner = await address(graph);
  const scope = 'mailFolders';
  let first = true;
  const pages = deltaPages(graph, cursors, {
    scope,
    path: '/me/mailFolders/delta',
    item: mailFolder,
    options: { query: { $select: mailFolderFields }, takes: readMail },
  });
  for await (const folders of pages) {
    const changes = folders
      .filter(({ isHidden }) => !isHidden)
      .map((folder) => mailFolderChange(folder, owner, scope));
    yield first ? [mailboxResource(owner, null), ...changes] : changes;
    first = false;
  }
}

const ownDrive = (graph: Graph) =>
  graph.get('/me/drive', drive, { query: { $select: driveFields }, takes: readFiles });

async function* drives(graph: Graph): Batches {
  yield [driveResource(await ownDrive(graph), null)];
}

async function* files(graph: Graph, cursors: DiscoveryCursors | undefined): Batches {
  const { id } = await ownDrive(graph);
  const root = await graph.get('/me/drive/root', z.object({ id: z.string().min(1) }), {
    query: { $select: 'id' },
    takes: readFiles,
  });
  const scope = `files:${id}`;
  const pages = deltaPages(graph, cursors, {
    scope,
    path: '/me/drive/root/delta',
    item: driveItem,
    options: { query: { $select: driveItemFields, $top: filePageSize }, takes: readFiles },
  });
  for await (const items of pages) {
    yield items.flatMap((one) => driveItemChanges(one, { drive: id, root: root.id, scope }));
  }
}

async function* calendars(graph: Graph): Batches {
  const owner = await address(graph);
  const pages = graph.pages('/me/calendars', calendar, {
    query: { $select: calendarFields, $top: 100 },
    takes: readCalendars,
  });
  for await (const { items } of pages) yield items.map((one) => calendarResource(one, owner));
}

async function* channels(graph: Graph, granted: readonly string[]): Batches {
  const mayList = [...readTeams, ...readChannels].every((scope) => holds(granted, scope));
  if (!mayList) return;
  // It takes no query (https://learn.microsoft.com/graph/api/user-list-joinedteams).
  const teams = graph.pages('/me/joinedTeams', team, { takes: readTeams });
  for await (const { items } of teams) {
    yield items.map(teamResource);
    for (const { id } of items) {
      const pages = graph.pages(`/teams/${encodeURIComponent(id)}/channels`, channel, {
        query: { $select: channelFields },
        takes: readChannels,
      });
      for await (const page of pages) yield page.items.map((one) => channelResource(one, id));
    }
  }
}

/**
 * What one person has: mailbox with folders, OneDrive with files, calendars, channels of their teams.
 * @param granted what they allowed: channels are left out where they did not
 */
export function discoverPerson(
  graph: Graph,
  granted: readonly string[],
  options: DiscoveryOptions = {},
): Batches {
  const { cursors } = options;
  return goThrough(
    {
      mailbox: () => unlessMissing(mailbox(graph, cursors)),
      drives: () => unlessMissing(drives(graph)),
      files: () => unlessMissing(files(graph, cursors)),
      calendars: () => unlessMissing(calendars(graph)),
      channels: () => channels(graph, granted),
    },
    delegatedPhases,
    options,
  );
}
