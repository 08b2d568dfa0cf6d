import type { AuditEventId, TenantContext } from '@/db';
import { canonical } from './leaf';
import { eventKey } from './personal';
import { remembering } from './remembering';
import { tenantRecordKey } from './tenant-key';
import {
  latestCheckpoint,
  leafOfEvent,
  leavesBetween,
  type PlacedLeaf,
  type SignedCheckpoint,
  tilesOf,
} from './tenant-reads';
import { inclusionProof } from './tree';

/**
 * A bundle: what proves events to somebody without access to the platform. Lines of JSON; the format
 * is written down in docs/auditors.md.
 */
export const bundleType = 'tenantry.audit-bundle/1';

export interface BundleHeader {
  readonly type: typeof bundleType;
  readonly tenant: string;
  readonly origin: string;
  /** The signed note. */
  readonly checkpoint: string;
  /** Every event up to the checkpoint, in order: the tree is grown anew, and no proofs are needed. */
  readonly whole: boolean;
}

export interface BundleEntry {
  readonly sequence: number;
  readonly leaf: string;
  /** Base64; none in a whole bundle. */
  readonly proof?: readonly string[];
  /** Opens the personal part of this event, base64url; none where there is nothing to open. */
  readonly key?: string;
}

export interface BundleEnd {
  readonly end: true;
  readonly entries: number;
}

const batch = 1_000;

class Writer {
  constructor(
    private readonly context: TenantContext,
    private readonly key: Uint8Array | null,
  ) {}

  header({ origin, note }: SignedCheckpoint, whole: boolean): string {
    const tenant = this.context.tenantId;
    const header: BundleHeader = { type: bundleType, tenant, origin, checkpoint: note, whole };
    return `${canonical(header)}\n`;
  }

  entry({ id, sequence, leaf }: PlacedLeaf, proof?: readonly Buffer[]): string {
    const key =
      this.key && Buffer.from(eventKey(this.key, this.context.tenantId, id)).toString('base64url');
    const entry: BundleEntry = {
      sequence,
      leaf,
      ...(proof ? { proof: proof.map((hash) => hash.toString('base64')) } : {}),
      ...(key ? { key } : {}),
    };
    return `${canonical(entry)}\n`;
  }

  end(entries: number): string {
    const end: BundleEnd = { end: true, entries };
    return `${canonical(end)}\n`;
  }
}

const writerFor = async (context: TenantContext) =>
  new Writer(context, await tenantRecordKey(context.tenantId));

/**
 * The whole record up to its latest checkpoint, line by line. Empty before the first checkpoint.
 * Whoever hands it out puts that on record.
 */
export async function* wholeBundle(context: TenantContext): AsyncGenerator<string> {
  const checkpoint = await latestCheckpoint(context);
  if (!checkpoint) return;
  const writer = await writerFor(context);
  yield writer.header(checkpoint, true);
  let sequence = 0;
  while (sequence < checkpoint.size) {
    const leaves = await leavesBetween(context, sequence, checkpoint.size, batch);
    for (const leaf of leaves) yield writer.entry(leaf);
    const last = leaves.at(-1);
    if (!last) break;
    sequence = last.sequence + 1;
  }
  yield writer.end(sequence);
}

/**
 * These events with their proofs, line by line; those that no checkpoint covers yet are left out.
 * Whoever hands it out puts that on record.
 */
export async function* eventsBundle(
  context: TenantContext,
  ids: AsyncIterable<AuditEventId> | Iterable<AuditEventId>,
): AsyncGenerator<string> {
  const checkpoint = await latestCheckpoint(context);
  if (!checkpoint) return;
  const { size } = checkpoint;
  const writer = await writerFor(context);
  const load = remembering(tilesOf(context));
  yield writer.header(checkpoint, false);
  let entries = 0;
  for await (const id of ids) {
    const placed = await leafOfEvent(context, id);
    if (!placed || placed.sequence >= size) continue;
    yield writer.entry(placed, await inclusionProof(placed.sequence, size, load));
    entries += 1;
  }
  yield writer.end(entries);
}
