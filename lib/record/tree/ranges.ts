/** Leaves from `start` up to, not including, `end`: a subtree of RFC 6962. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The largest power of two below `size`, which is at least 2. */
export function split(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

const isPower = (size: number): boolean => Number.isInteger(Math.log2(size));

/** The subtrees whose hashes prove a leaf, from the leaf's side up (RFC 6962, section 2.1.1). */
export function inclusionRanges(index: number, size: number): Range[] {
  if (!Number.isInteger(index) || index < 0 || index >= size) {
    throw new RangeError(`There is no leaf ${index} in a tree of ${size}.`);
  }
  const path = (start: number, end: number): Range[] => {
    if (end - start === 1) return [];
    const middle = start + split(end - start);
    return index < middle
      ? [...path(start, middle), { start: middle, end }]
      : [...path(middle, end), { start, end: middle }];
  };
  return path(0, size);
}

/** The subtrees whose hashes prove that a tree begins with a smaller one (section 2.1.2). */
export function consistencyRanges(first: number, second: number): Range[] {
  if (first < 1 || first > second) {
    throw new RangeError(`A tree of ${second} does not begin with one of ${first}.`);
  }
  const path = (start: number, end: number, whole: boolean): Range[] => {
    if (first === end) return whole ? [] : [{ start, end }];
    const middle = start + split(end - start);
    return first <= middle
      ? [...path(start, middle, whole), { start: middle, end }]
      : [...path(middle, end, false), { start, end: middle }];
  };
  return path(0, second, true);
}

/** The complete subtrees that a subtree consists of, left to right. */
export function completeParts({ start, end }: Range): Range[] {
  if (isPower(end - start)) return [{ start, end }];
  const middle = start + split(end - start);
  return [...completeParts({ start, end: middle }), ...completeParts({ start: middle, end })];
}
