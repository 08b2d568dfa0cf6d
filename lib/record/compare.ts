import type { record as store } from '@/db';
import { canonical, type Leaf, leafOf, personalOf } from './leaf';
import { eventKey, openPersonal } from './personal';

type Event = store.StoredEvent;

/** Reads a leaf as it was sealed; null when it is none. */
export function readLeaf(text: string): Leaf | null {
  try {
    return JSON.parse(text) as Leaf;
  } catch {
    return null;
  }
}

const differing = (one: object, other: object): string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (key) =>
      JSON.stringify((one as Record<string, unknown>)[key]) !==
      JSON.stringify((other as Record<string, unknown>)[key]),
  );

/**
 * In what an event's row differs from its leaf, in words; empty when it does not.
 * @param key of the tenant; null when it is not at hand, and what is personal is not compared then
 */
export async function differences(
  event: Event,
  sequence: number,
  leafText: string,
  key: Uint8Array | null,
): Promise<string[]> {
  const leaf = readLeaf(leafText);
  if (!leaf) return ['the leaf cannot be read'];
  const now = leafOf(event, sequence, leaf.personal);
  const found =
    canonical(now) === leafText
      ? []
      : [
          ...differing(now.event, leaf.event ?? {}),
          ...differing(now, { ...leaf, event: now.event }),
        ];
  if (key === null || leaf.personal === null) return found;
  const own = eventKey(key, event.tenantId, event.id);
  const personal = await openPersonal(own, leaf.personal);
  if (!personal) return [...found, 'the sealed part does not open'];
  return [...found, ...differing(personalOf(event), personal)];
}
