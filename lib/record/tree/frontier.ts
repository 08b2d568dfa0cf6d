import { emptyRoot, hashBytes, nodeHash } from './hash';

/** Levels of the tree that a tile stands for: 256 hashes side by side. */
export const tileHeight = 8;
export const tileWidth = 256;

/** A node that is kept: the root of a complete subtree of 256^level leaves. */
export interface TileNode {
  readonly level: number;
  /** Among the nodes of its level, from 0. */
  readonly index: number;
  readonly hash: Uint8Array;
}

/**
 * The right edge of a growing tree: the roots of its complete subtrees, largest first. All that is
 * needed to append, and to tell the root.
 */
export class Frontier {
  #size: number;
  readonly #roots: Uint8Array[];

  /** @param roots as `bytes` gave them, at this size */
  constructor(size = 0, roots: Uint8Array = new Uint8Array()) {
    this.#size = size;
    this.#roots = Array.from({ length: roots.length / hashBytes }, (_, at) =>
      Uint8Array.prototype.slice.call(roots, at * hashBytes, (at + 1) * hashBytes),
    );
    if (this.#roots.length !== ones(size)) throw new RangeError('The edge is of another size.');
  }

  get size(): number {
    return this.#size;
  }

  /** The roots one after the other. */
  get bytes(): Buffer {
    return Buffer.concat(this.#roots);
  }

  /** Add a leaf. @returns the nodes that are complete now and are kept in tiles */
  append(leaf: Uint8Array): TileNode[] {
    const kept: TileNode[] = [{ level: 0, index: this.#size, hash: leaf }];
    let node = leaf;
    let index = this.#size;
    for (let level = 1; index % 2 === 1; level += 1) {
      node = nodeHash(this.#roots.pop() as Uint8Array, node);
      index = (index - 1) / 2;
      if (level % tileHeight === 0) kept.push({ level: level / tileHeight, index, hash: node });
    }
    this.#roots.push(node);
    this.#size += 1;
    return kept;
  }

  /** The root of the tree as it stands. */
  root(): Buffer {
    const last = this.#roots.at(-1);
    if (!last) return emptyRoot();
    const folded = this.#roots
      .slice(0, -1)
      .reduceRight((right, left) => nodeHash(left, right), last);
    return Buffer.from(folded);
  }
}

/** Complete subtrees of a tree of that size: the ones among its binary digits. */
function ones(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
