/**
 * Upper bounds of the buckets that durations are counted in, in milliseconds: each twice the one
 * before, from half of what a point read takes to eight seconds. What takes longer is in one more.
 */
export const bucketBounds: readonly number[] = Array.from({ length: 15 }, (_, at) => 2 ** (at - 1));

export const bucketCount = bucketBounds.length + 1;

/** Which bucket a duration belongs to. By its binary digits: it is asked for every statement. */
export function bucketOf(ms: number): number {
  return Math.min(32 - Math.clz32(Math.max(0, Math.ceil(ms * 2) - 1)), bucketCount - 1);
}
