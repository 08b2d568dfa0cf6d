import { tileHeight, tileWidth } from './frontier';
import { hashBytes, nodeHash } from './hash';
import { completeParts, consistencyRanges, inclusionRanges, type Range } from './ranges';

/** Where a row of 256 hashes stands. */
export interface TilePlace {
  readonly level: number;
  readonly position: number;
}

/** Gets tiles; those that are not there are left out. */
export type LoadTiles = (
  places: readonly TilePlace[],
) => Promise<readonly (TilePlace & { readonly hashes: Uint8Array })[]>;

/** Thrown when the kept nodes do not suffice for a proof. */
export class TreeIncomplete extends Error {
  override readonly name = 'TreeIncomplete';
}

interface NodePlace extends TilePlace {
  /** Among the hashes of its tile. */
  readonly offset: number;
  readonly width: number;
}

/** Where a complete subtree's leaves, or the nodes above them, lie in one tile. */
function placeOf({ start, end }: Range): NodePlace {
  const height = Math.log2(end - start);
  const level = Math.floor(height / tileHeight);
  const unit = tileWidth ** level;
  const first = start / unit;
  return {
    level,
    position: Math.floor(first / tileWidth),
    offset: first % tileWidth,
    width: (end - start) / unit,
  };
}

const keyOf = ({ level, position }: TilePlace): string => `${level}/${position}`;

/** The root over hashes whose number is a power of two. */
function fold(hashes: Uint8Array[]): Uint8Array {
  let row = hashes;
  while (row.length > 1) {
    row = Array.from({ length: row.length / 2 }, (_, at) =>
      nodeHash(row[at * 2] as Uint8Array, row[at * 2 + 1] as Uint8Array),
    );
  }
  return row[0] as Uint8Array;
}

function nodeOf(tiles: ReadonlyMap<string, Uint8Array>, range: Range): Uint8Array {
  const place = placeOf(range);
  const hashes = tiles.get(keyOf(place));
  const end = (place.offset + place.width) * hashBytes;
  if (!hashes || hashes.length < end) {
    throw new TreeIncomplete(`Tile ${keyOf(place)} is not there, or is too short.`);
  }
  return fold(
    Array.from({ length: place.width }, (_, at) =>
      hashes.subarray((place.offset + at) * hashBytes, (place.offset + at + 1) * hashBytes),
    ),
  );
}

async function hashesOf(ranges: readonly Range[], load: LoadTiles): Promise<Buffer[]> {
  const parts = ranges.map(completeParts);
  const wanted = new Map(parts.flat().map((part) => [keyOf(placeOf(part)), placeOf(part)]));
  const found = await load([...wanted.values()]);
  const tiles = new Map(found.map((tile) => [keyOf(tile), tile.hashes]));
  return parts.map((each) => {
    const nodes = each.map((part) => nodeOf(tiles, part));
    const last = nodes.pop() as Uint8Array;
    return Buffer.from(nodes.reduceRight((right, left) => nodeHash(left, right), last));
  });
}

/**
 * What proves that a leaf is in a tree of this size.
 * @throws RangeError, TreeIncomplete
 */
export function inclusionProof(index: number, size: number, load: LoadTiles): Promise<Buffer[]> {
  return hashesOf(inclusionRanges(index, size), load);
}

/**
 * What proves that a tree begins with all of a smaller one.
 * @throws RangeError, TreeIncomplete
 */
export function consistencyProof(
  first: number,
  second: number,
  load: LoadTiles,
): Promise<Buffer[]> {
  return hashesOf(consistencyRanges(first, second), load);
}

/** The root of a tree of this size, from its kept nodes. @throws TreeIncomplete */
export async function rootOf(size: number, load: LoadTiles): Promise<Buffer> {
  const [root] = await hashesOf([{ start: 0, end: size }], load);
  return root as Buffer;
}
