/**
 * The same items, the next one fetched while somebody works with this one. For sources that only read:
 * what they do between two items happens one item early.
 */
export async function* readAhead<Item>(source: AsyncGenerator<Item>): AsyncGenerator<Item> {
  const fetchNext = () => {
    const next = source.next();
    // Whoever awaits it hears of a failure; nobody may, when the reader stops early.
    next.catch(() => {});
    return next;
  };
  try {
    for (let next = fetchNext(); ; ) {
      const { done, value } = await next;
      if (done) return;
      next = fetchNext();
      yield value;
    }
  } finally {
    await source.return(undefined);
  }
}
