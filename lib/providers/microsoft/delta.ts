import type { z } from 'zod';
import { ProviderError } from '../contract';
import type { DiscoveryCursors } from '../provider';
import { isResync } from './batch';
import type { CallOptions, Graph } from './graph';

interface DeltaListing<Item extends z.ZodType> {
  /** The listing's name: `resources.scope`, and what its cursor is kept under. */
  readonly scope: string;
  /** Where it begins when it is listed whole. */
  readonly path: string;
  readonly item: Item;
  readonly options: CallOptions;
}

/**
 * A listing from where it was left, or whole when there is no cursor or Microsoft no longer knows it
 * (410: https://learn.microsoft.com/graph/delta-query-overview#synchronization-reset). The cursor is
 * kept once the last page has been taken in.
 */
export async function* deltaPages<Item extends z.ZodType>(
  graph: Graph,
  cursors: DiscoveryCursors | undefined,
  { scope, path, item, options }: DeltaListing<Item>,
): AsyncGenerator<readonly z.output<Item>[]> {
  const cursor = (await cursors?.read([scope]))?.get(scope) ?? null;
  let delta: string | null = null;
  async function* walk(from: string) {
    for await (const page of graph.pages(from, item, options)) {
      yield page.items;
      delta = page.delta ?? delta;
    }
  }
  if (cursor === null) {
    yield* walk(path);
  } else {
    try {
      yield* walk(cursor);
    } catch (error) {
      if (!(error instanceof ProviderError && isResync(error))) throw error;
      delta = null;
      await cursors?.write(new Map([[scope, null]]));
      yield* walk(path);
    }
  }
  await cursors?.write(new Map([[scope, delta]]));
}
