import type { z } from 'zod';
import { type DiscoveredChange, ProviderError } from '../contract';
import type { DiscoveryCursors } from '../provider';
import { type BatchAnswer, isResync, readBatch } from './batch';
import type { Batches, Person } from './discovery-phases';
import { type Graph, listing } from './graph';
import { readAhead } from './read-ahead';
import { mailboxResource, mailFolder, mailFolderChange, mailFolderFields } from './shapes';

const readMail = ['Mail.ReadBasic.All', 'Mail.ReadWrite', 'Mail.Read'] as const;

const shape = listing(mailFolder);
type Answer = BatchAnswer<z.output<typeof shape>>;

interface Mailbox {
  readonly person: string;
  readonly address: string;
  /** Name of its listing of folders. */
  readonly scope: string;
  readonly cursor: string | null;
}

const whole = ({ person }: Mailbox) =>
  `/users/${person}/mailFolders/delta?$select=${mailFolderFields}`;

/** Most changes to hand over at once. */
const largestBatch = 500;

/**
 * Everybody's mailbox with its folders, twenty mailboxes at a time. The listing of folders is a delta
 * query, which has the nested ones too, in one call, and later only what has changed. A mailbox that
 * is out of reach (no licence, kept from us by the organisation) is left out.
 */
export async function* discoverMailboxes(
  graph: Graph,
  everybody: AsyncGenerator<readonly Person[]>,
  cursors: DiscoveryCursors | undefined,
): Batches {
  for await (const { boxes, answers } of readAhead(firstPages(graph, everybody, cursors))) {
    const next = new Map<string, string | null>();
    let batch: DiscoveredChange[] = [];
    for (const [at, box] of boxes.entries()) {
      const first = answers[at];
      if (!first) continue;
      for await (const page of pages(graph, box, first, cursors)) {
        batch.push(...page.changes);
        next.set(box.scope, page.cursor);
        if (batch.length < largestBatch) continue;
        yield batch;
        batch = [];
      }
      // Its folders count as gone now: should it come back, they have to be listed whole.
      if (!next.has(box.scope) && box.cursor !== null) next.set(box.scope, null);
    }
    yield batch;
    await cursors?.write(next);
  }
}

/** The first page of each mailbox, twenty mailboxes at a time. */
async function* firstPages(
  graph: Graph,
  everybody: AsyncGenerator<readonly Person[]>,
  cursors: DiscoveryCursors | undefined,
) {
  for await (const group of everybody) {
    const boxes = await withCursors(group, cursors);
    const answers = await readBatch(
      graph,
      boxes.map((box) => ({
        path: box.cursor === null ? whole(box) : graph.relative(box.cursor),
        shape,
        takes: readMail,
      })),
    );
    yield { boxes, answers };
  }
}

async function withCursors(
  people: readonly Person[],
  cursors: DiscoveryCursors | undefined,
): Promise<Mailbox[]> {
  const boxes = people.flatMap(({ id, address }) =>
    address === null ? [] : [{ person: id, address, scope: `mailFolders:${id}` }],
  );
  const known = await cursors?.read(boxes.map(({ scope }) => scope));
  return boxes.map((box) => ({ ...box, cursor: known?.get(box.scope) ?? null }));
}

interface FolderPage {
  readonly changes: readonly DiscoveredChange[];
  /** Where to go on next time; null as long as there are further pages. */
  readonly cursor: string | null;
}

/** One mailbox, page by page: the first has come already. None when it is out of reach. */
async function* pages(
  graph: Graph,
  box: Mailbox,
  first: Answer,
  cursors: DiscoveryCursors | undefined,
): AsyncGenerator<FolderPage> {
  const lost = !first.ok && isResync(first.error);
  const answer = lost ? await anew(graph, box, cursors) : first;
  if (!answer.ok) return;
  let page = answer.value;
  let before: readonly DiscoveredChange[] = [mailboxResource(box.address, box.person)];
  for (;;) {
    const changes = page.value
      .filter(({ isHidden }) => !isHidden)
      .map((folder) => mailFolderChange(folder, box.address, box.scope));
    yield { changes: [...before, ...changes], cursor: page['@odata.deltaLink'] ?? null };
    before = [];
    const next = page['@odata.nextLink'];
    if (next === undefined) return;
    page = await graph.get(graph.relative(next), shape, { takes: readMail });
  }
}

/** Microsoft no longer knows where we were: list the folders whole. */
async function anew(
  graph: Graph,
  box: Mailbox,
  cursors: DiscoveryCursors | undefined,
): Promise<Answer> {
  await cursors?.write(new Map([[box.scope, null]]));
  try {
    return { ok: true, value: await graph.get(whole(box), shape, { takes: readMail }) };
  } catch (error) {
    const own =
      error instanceof ProviderError && (error.kind === 'forbidden' || error.kind === 'not_found');
    if (!own) throw error;
    return { ok: false, error };
  }
}
