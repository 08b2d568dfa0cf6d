import { describe, expect, it } from 'vitest';
import {
  consistencyProof,
  emptyRoot,
  Frontier,
  hashBytes,
  inclusionProof,
  isConsistent,
  isIncluded,
  type LoadTiles,
  leafHash,
  nodeHash,
  rootOf,
} from '.';

const hex = (text: string) => Buffer.from(text, 'hex');

/** The eight leaves of the reference tests of Certificate Transparency (RFC 6962), and their roots. */
const reference = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(hex);
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** Grow a tree and keep its tiles in memory. */
function grow(size: number) {
  const frontier = new Frontier();
  const tiles = new Map<string, Uint8Array[]>();
  const rootAt = [emptyRoot()];
  for (let at = 0; at < size; at += 1) {
    for (const { level, index, hash } of frontier.append(leafHash(`leaf ${at}`))) {
      const key = `${level}/${Math.floor(index / 256)}`;
      tiles.set(key, [...(tiles.get(key) ?? []), hash]);
    }
    rootAt.push(frontier.root());
  }
  const load: LoadTiles = async (places) =>
    places.flatMap((place) => {
      const hashes = tiles.get(`${place.level}/${place.position}`);
      return hashes ? [{ ...place, hashes: Buffer.concat(hashes) }] : [];
    });
  return { rootAt, load };
}

describe('a tree', () => {
  it('has the roots of the reference tests', () => {
    const frontier = new Frontier();
    const found = reference.map((leaf) => {
      frontier.append(leafHash(leaf));
      return frontier.root().toString('hex');
    });
    expect(found).toEqual(roots);
  });

  it('goes on from its edge', () => {
    const whole = new Frontier();
    let parts = new Frontier();
    for (let at = 0; at < 1_000; at += 1) {
      whole.append(leafHash(String(at)));
      parts = new Frontier(parts.size, parts.bytes);
      parts.append(leafHash(String(at)));
    }
    expect(parts.root()).toEqual(whole.root());
  });

  it('refuses the edge of another size', () => {
    expect(() => new Frontier(2, Buffer.alloc(2 * hashBytes))).toThrow(RangeError);
  });
});

describe('a proof', () => {
  const sizes = [1, 2, 3, 7, 8, 255, 256, 257, 700];
  const { rootAt, load } = grow(700);
  const treeOf = (size: number) => ({ size, root: rootAt[size] as Buffer });

  it.each(sizes)('of the root of a tree of %d comes from its tiles', async (size) => {
    expect(await rootOf(size, load)).toEqual(rootAt[size]);
  });

  it.each(sizes)('leads each leaf of a tree of %d to its root, and no other', async (size) => {
    for (let index = 0; index < size; index += Math.max(1, Math.floor(size / 23))) {
      const proof = await inclusionProof(index, size, load);
      const leaf = leafHash(`leaf ${index}`);
      expect(isIncluded(leaf, index, treeOf(size), proof)).toBe(true);
      expect(isIncluded(leafHash('another'), index, treeOf(size), proof)).toBe(false);
      expect(isIncluded(leaf, index + 1, treeOf(size), proof)).toBe(false);
      expect(isIncluded(leaf, index, treeOf(size), [...proof, leaf])).toBe(false);
      if (size > 1) expect(isIncluded(leaf, index, treeOf(size), proof.slice(1))).toBe(false);
    }
  });

  it('shows that a larger tree begins with a smaller one, and that another does not', async () => {
    for (const second of sizes) {
      for (const first of sizes.filter((each) => each <= second)) {
        const proof = await consistencyProof(first, second, load);
        expect(isConsistent(treeOf(first), treeOf(second), proof)).toBe(true);
        const forged = { size: first, root: nodeHash(emptyRoot(), emptyRoot()) };
        expect(isConsistent(forged, treeOf(second), proof)).toBe(false);
      }
    }
  });
});
