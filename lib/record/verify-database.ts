import { record as store, type TenantId } from '@/db';
import { type Anchors, anchorsOf, openAnchor, tenantsAnchored } from './anchors';
import { certifiedGone } from './certified';
import type { Checkpoint } from './checkpoint';
import { differences } from './compare';
import type { RecordFinding } from './contract';
import { engineTiles } from './engine-tiles';
import { verifierKey } from './note';
import { remembering } from './remembering';
import { originOf } from './seal';
import { trustedPublicKeys } from './signing-key';
import { tenantRecordKey } from './tenant-key';
import { inclusionProof, isIncluded, type LoadTiles, leafHash, TreeIncomplete } from './tree';
import { type Verification, verifyTenant } from './verify-tenant';

/** Checkpoints from outside that a tenant's record is held against. */
const mostAnchors = 2_000;

/** Keys by which this installation's checkpoints of a tenant may be signed, for verifiers. */
export async function verifierKeysOf(tenantId: TenantId): Promise<readonly string[]> {
  const tree = await store.treeOf(store.recordReader(), tenantId);
  const origin = tree?.origin ?? originOf(tenantId);
  return trustedPublicKeys().map((key) => verifierKey(origin, key));
}

export interface TenantVerification extends Verification {
  readonly tenantId: TenantId;
  /** Checkpoints that lie outside; more than were read where there are very many. */
  readonly checkpointsThere: number;
  /** Whether what is personal was compared too. */
  readonly opened: boolean;
  /** It is being erased, so that what does not hold of it is no finding: half of it is gone. */
  readonly erasing: boolean;
}

/**
 * What was published lies outside for good: where it does not, nothing is left that the record could be
 * held against. More outside than the database knows of is none: it was restored, or is about to note it.
 * @param published what the database says lies there, read before anybody looked
 */
function missingOutside(
  tenantId: TenantId,
  published: number,
  { largest }: Anchors,
): readonly RecordFinding[] {
  if (published <= largest) return [];
  const problem = `The checkpoint of ${published} events was published, and is not outside the database any more.`;
  return [{ kind: 'checkpoint_missing', tenantId, where: String(published), problem }];
}

/**
 * What was found, unless the tenant was erased while it was looked at: half of a record is no finding.
 * A certificate takes nothing back as long as there is a record beside it.
 */
async function unlessErased<Found>(
  tenantId: TenantId,
  found: readonly Found[],
): Promise<{ readonly findings: readonly Found[]; readonly erasing: boolean }> {
  const all = { findings: found, erasing: false };
  if (found.length === 0) return all;
  const reader = store.recordReader();
  const deleted = (await store.tenantsDeleted(reader)).find(({ id }) => id === tenantId);
  if (!deleted) return all;
  if (deleted.underWay) return { findings: [], erasing: true };
  if ((await store.treeOf(reader, tenantId)) !== null) return all;
  const gone = (await certifiedGone(reader, [tenantId])).has(tenantId);
  return gone ? { findings: [], erasing: false } : all;
}

/**
 * Hold one tenant's whole record against the checkpoints outside the database.
 * @throws ObjectStoreError when those cannot be read; RecordError; VaultError
 */
export async function verifyTenantRecord(tenantId: TenantId): Promise<TenantVerification> {
  const published = await store.publishedSize(store.recordReader(), tenantId);
  const anchors = await anchorsOf(tenantId, mostAnchors);
  // One without a tree may be without an account as well, and has nothing to open.
  const tree = await store.treeOf(store.recordReader(), tenantId);
  const key = tree ? await tenantRecordKey(tenantId) : null;
  const verification = await verifyTenant({
    reader: store.recordReader(),
    tenantId,
    anchors: anchors.read,
    verifierKeys: await verifierKeysOf(tenantId),
    key,
  });
  const opened = key !== null || verification.leaves === 0;
  const found = [...missingOutside(tenantId, published, anchors), ...verification.findings];
  const judged = await unlessErased(tenantId, found);
  return { tenantId, checkpointsThere: anchors.there, opened, ...verification, ...judged };
}

/** Tenants with a record. */
export function tenantsOnRecord(): Promise<readonly TenantId[]> {
  return store.tenantsWithRecord(store.recordReader());
}

/** Whose record is to hold, and whose is left out. Both by id. */
export interface TenantsToVerify {
  readonly tenants: readonly TenantId[];
  /** They are being erased, by the database's word: half of them is gone. */
  readonly erasing: readonly TenantId[];
}

/** Tenants that the database has anything of; those without a tree may have lost it. */
async function tenantsInside(also: Iterable<TenantId> = []): Promise<TenantsToVerify> {
  const reader = store.recordReader();
  const [trees, there, deleted] = await Promise.all([
    store.tenantsWithRecord(reader),
    store.tenantsThere(reader),
    store.tenantsDeleted(reader),
  ]);
  const underWay = new Set(deleted.flatMap((each) => (each.underWay ? each.id : [])));
  const said = new Set(deleted.flatMap((each) => (each.underWay ? [] : each.id)));
  const whole = trees.filter((id) => !underWay.has(id));
  const others = [...there, ...also].filter((id) => !underWay.has(id));
  const claimed = others.filter((id) => said.has(id));
  const gone = await certifiedGone(reader, [...new Set(claimed)]);
  return {
    tenants: [...new Set([...whole, ...others.filter((id) => !gone.has(id))])].toSorted(),
    erasing: [...underWay].toSorted(),
  };
}

/**
 * Tenants whose record has to hold: with a tree, with an account, or with a checkpoint outside. Those
 * that were deleted with a certificate are gone as they should be.
 * @throws ObjectStoreError
 */
export async function tenantsToVerify(): Promise<TenantsToVerify> {
  return tenantsInside(await tenantsAnchored());
}

/** What a look at part of the record came to. */
export interface RecordSample {
  readonly tenants: number;
  readonly ofTenants: number;
  readonly events: number;
  readonly findings: readonly RecordFinding[];
  /** Left out, since they are being erased. */
  readonly erasing: readonly TenantId[];
}

/** Leaves of a tenant that one look takes: the newest, and some from anywhere. */
const newest = 20;
const elsewhere = 20;

async function sampleTenant(
  tenantId: TenantId,
): Promise<{ events: number; found: RecordFinding[] }> {
  const found: RecordFinding[] = [];
  const add = (kind: RecordFinding['kind'], where: string | number, problem: string) =>
    found.push({ kind, tenantId, where: String(where), problem });
  const published = await store.publishedSize(store.recordReader(), tenantId);
  const anchors = await anchorsOf(tenantId, 1);
  found.push(...missingOutside(tenantId, published, anchors));
  const [anchor] = anchors.read;
  if (!anchor) return { events: 0, found };
  const checkpoint = openAnchor(anchor, await verifierKeysOf(tenantId));
  if (!checkpoint) {
    add('checkpoint_unsigned', anchor.size, 'The latest checkpoint outside is not signed by us.');
    return { events: 0, found };
  }
  const { size } = checkpoint;
  const key = await tenantRecordKey(tenantId);
  const starts = [Math.max(0, size - newest), Math.floor(Math.random() * size)];
  const tiles = remembering(engineTiles(tenantId));
  let events = 0;
  for (const [at, start] of starts.entries()) {
    const limit = Math.min(at === 0 ? newest : elsewhere, size - start);
    const leaves = await store.leavesFrom(store.recordReader(), tenantId, start, limit);
    if (leaves.length < limit || leaves[0]?.sequence !== start) {
      add('leaf_missing', start, `Leaves from ${start} on are not all there.`);
    }
    for (const { leafId, sequence, leaf, event } of leaves) {
      events += 1;
      if (!event) add('event_deleted', leafId, `Event ${leafId} was sealed and is gone.`);
      const differing = event ? await differences(event, sequence, leaf, key) : [];
      if (differing.length > 0) {
        const what = differing.join(', ');
        add('event_edited', leafId, `Event ${leafId} is not what was sealed: ${what}.`);
      }
    }
    const [first, ...others] = await astray(leaves, checkpoint, tiles);
    if (first !== undefined) {
      const more = others.length > 0 ? ` Nor do ${others.length} behind it.` : '';
      add('root_differs', first, `Leaf ${first} does not lead to the checkpoint.${more}`);
    }
  }
  return { events, found };
}

async function leads(
  { sequence, leaf }: store.CheckedEvent,
  tree: Checkpoint,
  tiles: LoadTiles,
): Promise<boolean> {
  try {
    const proof = await inclusionProof(sequence, tree.size, tiles);
    return isIncluded(leafHash(leaf), sequence, tree, proof);
  } catch (error) {
    if (error instanceof TreeIncomplete) return false;
    throw error;
  }
}

/** Which of the leaves that a checkpoint covers do not lead to it. */
async function astray(
  leaves: readonly store.CheckedEvent[],
  checkpoint: Checkpoint,
  tiles: LoadTiles,
): Promise<readonly number[]> {
  const found: number[] = [];
  for (const each of leaves) {
    if (each.sequence < checkpoint.size && !(await leads(each, checkpoint, tiles))) {
      found.push(each.sequence);
    }
  }
  return found;
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  const list = [...items];
  for (let at = list.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [list[at], list[other]] = [list[other] as Item, list[at] as Item];
  }
  return list;
}

/**
 * Look at part of the record within a time: of as many tenants as it allows, another choice each time,
 * the newest events and some from anywhere against the latest checkpoint outside.
 * @param limitMs stop beginning with another tenant after so long
 */
export async function sampleRecord(limitMs: number): Promise<RecordSample> {
  const until = Date.now() + limitMs;
  const { tenants: all, erasing } = await tenantsInside();
  const leftOut = new Set(erasing);
  const findings: RecordFinding[] = [];
  let [tenants, events] = [0, 0];
  for (const tenantId of shuffled(all)) {
    if (Date.now() >= until) break;
    const sample = await sampleTenant(tenantId);
    const judged = await unlessErased(tenantId, sample.found);
    findings.push(...judged.findings);
    // Begun while it was looked at.
    if (judged.erasing) leftOut.add(tenantId);
    events += sample.events;
    tenants += 1;
  }
  return { tenants, ofTenants: all.length, events, findings, erasing: [...leftOut].toSorted() };
}
