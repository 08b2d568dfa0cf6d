import { type ResourceId, sql, type TenantContext, tenantDb } from '@/db';
import type { ResourceFilter } from './contract';

/** Counting what a search found ends here; who has found more looks for something else. */
export const mostCounted = 100;

/** What a search found from one place in the list on. */
export interface Hits {
  /** In the order of their names. */
  readonly ids: readonly ResourceId[];
  /** How many there are from here on, at most one more than was asked to count. */
  readonly counted: number;
}

/** Whether a filter is one that the index of the search answers. */
export function isSearch({ q, connection, presence }: ResourceFilter): boolean {
  return Boolean(q || connection) || presence === 'gone';
}

/** The three things that can be compared; what is null is not. */
function compared({ q, by = 'name' }: ResourceFilter) {
  const value = q || null;
  if (by === 'name') return { part: value, words: null, field: null, value: null };
  if (by === 'words') return { part: null, words: value, field: null, value: null };
  return { part: null, words: null, field: by, value };
}

/**
 * Ids of resources that a filter fits, in the order of their names. Whoever reads the rows by them
 * does so under row security; `search.resources` itself is a way round it (see the decision record),
 * and takes its tenant from the signed context alone.
 * @param after the resource to go on after; null from the beginning
 * @param size ids wanted
 * @param count go on counting up to this many; what is beyond `size` is counted in whatever order
 */
export async function searchResources(
  context: TenantContext,
  filter: ResourceFilter,
  after: string | null,
  size: number,
  count: number = size,
): Promise<Hits> {
  const { part, words, field, value } = compared(filter);
  const { rows } = await tenantDb(context).execute<{ ids: ResourceId[] | null; counted: number }>(
    sql`select (array_agg(id))[1:${size}::int] as ids, count(*)::int as counted
          from search.resources(${part}, ${words}, ${field}, ${value}, ${filter.kind ?? null},
                 ${filter.connection ?? null}, ${filter.presence}, ${after}, ${Math.max(size, count)}, ${size}) as hit(id)`,
  );
  return { ids: rows[0]?.ids ?? [], counted: rows[0]?.counted ?? 0 };
}
