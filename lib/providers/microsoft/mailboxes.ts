import type { z } from 'zod';
import { ProviderError } from '../contract';
import type { DiscoveryCursors } from '../provider';
import { type BatchAnswer, isResync, readBatch } from './batch';
import type { Batches, Person } from './discovery-phases';
import { type Graph, listing } from './graph';
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
    for (const [at, box] of boxes.entries()) {
      const answer = answers[at];
      if (answer) yield* folders(graph, box, answer, cursors);
    }
  }
}

async function withCursors(
  people: readonly Person[],
  cursors: DiscoveryCursors | undefined,
): Promise<Mailbox[]> {
  const boxes: Mailbox[] = [];
  for (const { id, address } of people) {
    if (address === null) continue;
    const scope = `mailFolders:${id}`;
    const cursor = (await cursors?.read(scope)) ?? null;
    boxes.push({ person: id, address, scope, cursor });
  }
  return boxes;
}

/** One mailbox: its first page has come already. */
async function* folders(
  graph: Graph,
  box: Mailbox,
  first: Answer,
  cursors: DiscoveryCursors | undefined,
): Batches {
  if (!first.ok) {
    if (isResync(first.error)) yield* anew(graph, box, cursors);
    // Its folders count as gone now: should it come back, they have to be listed whole.
    else if (box.cursor !== null) await cursors?.write(box.scope, null);
    return;
  }
  let page = first.value;
  let isFirst = true;
  for (;;) {
    const changes = page.value
      .filter(({ isHidden }) => !isHidden)
      .map((folder) => mailFolderChange(folder, box.address, box.scope));
    yield isFirst ? [mailboxResource(box.address, box.person), ...changes] : changes;
    isFirst = false;
    const next = page['@odata.nextLink'];
    if (next === undefined) break;
    page = await graph.get(graph.relative(next), shape, { takes: readMail });
  }
  await cursors?.write(box.scope, page['@odata.deltaLink'] ?? null);
}

/** Microsoft no longer knows where we were: list the folders whole. */
async function* anew(graph: Graph, box: Mailbox, cursors: DiscoveryCursors | undefined): Batches {
  await cursors?.write(box.scope, null);
  try {
    const value = await graph.get(whole(box), shape, { takes: readMail });
    yield* folders(graph, { ...box, cursor: null }, { ok: true, value }, cursors);
  } catch (error) {
    const own =
      error instanceof ProviderError && (error.kind === 'forbidden' || error.kind === 'not_found');
    if (!own) throw error;
  }
}
