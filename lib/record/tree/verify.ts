import { nodeHash } from './hash';
import { type Range, split } from './ranges';

const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/**
 * The root that a leaf and its proof lead to (RFC 6962, section 2.1.1), or null when there is a hash
 * too many or too few.
 * @param leaf hash of the leaf
 */
export function rootByInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
): Uint8Array | null {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return null;
  const rest = [...proof];
  const climb = ({ start, end }: Range): Uint8Array | null => {
    if (end - start === 1) return leaf;
    const middle = start + split(end - start);
    const sibling = rest.pop();
    if (!sibling) return null;
    const own = climb(index < middle ? { start, end: middle } : { start: middle, end });
    if (!own) return null;
    return index < middle ? nodeHash(own, sibling) : nodeHash(sibling, own);
  };
  const root = climb({ start: 0, end: size });
  return rest.length === 0 ? root : null;
}

/** Whether a leaf is in the tree of that size and root. */
export function isIncluded(
  leaf: Uint8Array,
  index: number,
  tree: { readonly size: number; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  const root = rootByInclusion(leaf, index, tree.size, proof);
  return root !== null && same(root, tree.root);
}

/** Whether a tree begins with all of a smaller one (RFC 6962, section 2.1.2). */
export function isConsistent(
  first: { readonly size: number; readonly root: Uint8Array },
  second: { readonly size: number; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  if (first.size < 1 || first.size > second.size) return false;
  const rest = [...proof];
  // Both roots at once: of what the two trees share below here, and of the larger one.
  const climb = (start: number, end: number, whole: boolean): [Uint8Array, Uint8Array] | null => {
    if (first.size === end) {
      const shared = whole ? first.root : rest.pop();
      return shared ? [shared, shared] : null;
    }
    const middle = start + split(end - start);
    const sibling = rest.pop();
    if (!sibling) return null;
    const left = first.size <= middle;
    const below = left ? climb(start, middle, whole) : climb(middle, end, false);
    if (!below) return null;
    const [smaller, larger] = below;
    return left
      ? [smaller, nodeHash(larger, sibling)]
      : [nodeHash(sibling, smaller), nodeHash(sibling, larger)];
  };
  const roots = climb(0, second.size, true);
  return (
    roots !== null && rest.length === 0 && same(roots[0], first.root) && same(roots[1], second.root)
  );
}
