/** How much of a list is shown: `1 event`, `7 events`, `50+ events` where it goes on. */
export function shownWords(
  { items, hasMore }: { readonly items: readonly unknown[]; readonly hasMore: boolean },
  one: string,
): string {
  const single = items.length === 1 && !hasMore;
  return `${items.length}${hasMore ? '+' : ''} ${one}${single ? '' : 's'}`;
}
