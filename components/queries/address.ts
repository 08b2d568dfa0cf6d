import type { QueryFilter } from '@/lib/queries/contract';

/** The page's address with these filters, and others in place of some. */
export function queriesHref(
  filter: QueryFilter,
  changes: Partial<Record<'by' | 'tenant' | 'query', string>> = {},
): string {
  const given = Object.entries({ ...filter, ...changes }).filter(([, value]) => value);
  const search = new URLSearchParams(given as [string, string][]).toString();
  return search ? `/admin/queries?${search}` : '/admin/queries';
}
