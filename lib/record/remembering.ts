import type { LoadTiles } from './tree';

/** Remembers tiles, of which the proofs of neighbouring events share most. */
export function remembering(load: LoadTiles): LoadTiles {
  const tiles = new Map<string, Awaited<ReturnType<LoadTiles>>[number]>();
  const most = 64;
  return async (places) => {
    const keyOf = ({ level, position }: (typeof places)[number]) => `${level}/${position}`;
    const missing = places.filter((place) => !tiles.has(keyOf(place)));
    if (tiles.size > most) tiles.clear();
    const wanted = tiles.size === 0 ? places : missing;
    for (const tile of await load(wanted)) tiles.set(keyOf(tile), tile);
    return places.flatMap((place) => tiles.get(keyOf(place)) ?? []);
  };
}
