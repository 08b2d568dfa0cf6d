import { text } from 'node:stream/consumers';
import type { TenantId } from '@/db';
import { objectStore } from '@/lib/objects';
import { type Checkpoint, isOriginOf, openCheckpoint, readCheckpoint } from './checkpoint';
import { verifierKey } from './note';
import { checkpointKey, checkpointPrefix, checkpointsPrefix } from './publish';
import { trustedPublicKeys } from './signing-key';

/** A checkpoint as it lies outside the database. */
export interface Anchor {
  readonly size: number;
  readonly note: string;
}

/** Notes that are read side by side. */
const atOnce = 16;

/** Of many sizes, the latest ones, and as many evenly from before. */
function chosen(sizes: readonly number[], most: number): number[] {
  if (sizes.length <= most) return [...sizes];
  const latest = sizes.slice(-Math.ceil(most / 2));
  const older = sizes.slice(0, -latest.length);
  if (most === 1) return latest;
  const step = older.length / (most - latest.length);
  const spread = Array.from(
    { length: most - latest.length },
    (_, at) => older[Math.floor(at * step)],
  );
  return [...spread.filter((size) => size !== undefined), ...latest];
}

async function noteAt(tenantId: TenantId, size: number): Promise<string | null> {
  const there = await objectStore().get(checkpointKey(tenantId, size));
  return there ? text(there.body) : null;
}

/** The checkpoint of that size as it lies outside, or null. @throws ObjectStoreError */
async function anchorAt(tenantId: TenantId, size: number): Promise<Anchor | null> {
  const note = await noteAt(tenantId, size);
  return note === null ? null : { size, note };
}

export interface Anchors {
  /** Smallest first. */
  readonly read: readonly Anchor[];
  /** How many there are; more than were read where there are very many. */
  readonly there: number;
  /** Size of the largest; 0 when there is none. */
  readonly largest: number;
}

/**
 * The checkpoints of a tenant that lie outside the database.
 * @param most read at most so many: the latest, and some evenly from before
 * @throws ObjectStoreError
 */
export async function anchorsOf(tenantId: TenantId, most: number): Promise<Anchors> {
  const sizes: number[] = [];
  for await (const { key } of objectStore().list(checkpointPrefix(tenantId))) {
    const [, digits] = /\/(\d+)\.note$/.exec(key) ?? [];
    if (digits) sizes.push(Number(digits));
  }
  const wanted = chosen(
    sizes.sort((one, other) => one - other),
    most,
  );
  const read: Anchor[] = [];
  for (let at = 0; at < wanted.length; at += atOnce) {
    const notes = await Promise.all(
      wanted.slice(at, at + atOnce).map((size) => anchorAt(tenantId, size)),
    );
    read.push(...notes.filter((anchor) => anchor !== null));
  }
  return { read, there: sizes.length, largest: sizes.at(-1) ?? 0 };
}

/** Tenants of which a checkpoint lies outside, whatever the database knows of them. */
export async function tenantsAnchored(): Promise<ReadonlySet<TenantId>> {
  const tenants = new Set<TenantId>();
  for await (const { key } of objectStore().list(checkpointsPrefix)) {
    const [, id] = /^checkpoints\/([0-9a-f-]{36})\/\d+\.note$/.exec(key) ?? [];
    if (id) tenants.add(id as TenantId);
  }
  return tenants;
}

/** What an anchor says, or null when it is not signed by who should have. */
export function openAnchor(anchor: Anchor, verifierKeys: readonly string[]): Checkpoint | null {
  try {
    const checkpoint = openCheckpoint(anchor.note, verifierKeys);
    return checkpoint?.size === anchor.size ? checkpoint : null;
  } catch {
    return null;
  }
}

/**
 * What an anchor says, or null when it is not signed by this installation for that tenant, under
 * whatever host: what the database says of either is not asked.
 * @throws RecordError when our own keys cannot be read
 */
export function openOwnAnchor(anchor: Anchor, tenantId: TenantId): Checkpoint | null {
  const keys = trustedPublicKeys();
  try {
    const { origin } = readCheckpoint(anchor.note);
    if (!isOriginOf(origin, tenantId)) return null;
    return openAnchor(
      anchor,
      keys.map((key) => verifierKey(origin, key)),
    );
  } catch {
    return null;
  }
}
