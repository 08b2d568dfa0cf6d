import { record as store, type TenantId } from '@/db';
import { type Anchor, openAnchor } from './anchors';
import { differences, readLeaf } from './compare';
import type { RecordFaultKind, RecordFinding } from './contract';
import { Frontier, hashBytes, leafHash, tileWidth } from './tree';

type Reader = store.RecordReader;

/** Leaves read at a time. */
const batch = 1_000;
/** Findings of a kind that are told one by one. */
const mostOfAKind = 20;

export interface Verification {
  /** Leaves that were looked at. */
  readonly leaves: number;
  /** Checkpoints that the leaves were held against. */
  readonly checkpoints: number;
  /** Leaves that the largest of those covers. */
  readonly anchored: number;
  readonly findings: readonly RecordFinding[];
}

export interface VerifyOptions {
  readonly reader: Reader;
  readonly tenantId: TenantId;
  /** Checkpoints as they lie outside the database: the truth that it is held against. */
  readonly anchors: readonly Anchor[];
  /** Who may have signed them. */
  readonly verifierKeys: readonly string[];
  /** The tenant's key; without it what is personal is not compared. */
  readonly key: Uint8Array | null;
}

/** Collects what is wrong; of very much of a kind, the first and the number. */
class Findings {
  readonly list: RecordFinding[] = [];
  readonly #counts = new Map<RecordFaultKind, number>();

  constructor(private readonly tenantId: TenantId) {}

  add(kind: RecordFaultKind, where: string | number, problem: string): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (count > mostOfAKind) return;
    this.list.push({ kind, tenantId: this.tenantId, where: String(where), problem });
  }
}

/** The tree, grown anew from the leaves as they are. */
class Regrown {
  readonly frontier = new Frontier();
  readonly #roots = new Map<number, Buffer>();
  readonly #wanted: ReadonlySet<number>;
  readonly #tiles = new Map<number, Buffer[]>();

  constructor(wanted: ReadonlySet<number>) {
    this.#wanted = wanted;
  }

  append(leaf: string): void {
    for (const { level, hash } of this.frontier.append(leafHash(leaf))) {
      const hashes = this.#tiles.get(level) ?? [];
      hashes.push(Buffer.from(hash));
      this.#tiles.set(level, hashes);
    }
    if (this.#wanted.has(this.frontier.size)) {
      this.#roots.set(this.frontier.size, this.frontier.root());
    }
  }

  rootAt(size: number): Buffer | undefined {
    return this.#roots.get(size);
  }

  get levels(): readonly number[] {
    return [...this.#tiles.keys()];
  }

  tile(level: number, position: number): Buffer {
    const hashes = this.#tiles.get(level) ?? [];
    return Buffer.concat(hashes.slice(position * tileWidth, (position + 1) * tileWidth));
  }

  count(level: number): number {
    return this.#tiles.get(level)?.length ?? 0;
  }
}

async function checkEvents(
  checked: readonly store.CheckedEvent[],
  { tenantId, key }: VerifyOptions,
  findings: Findings,
): Promise<void> {
  for (const { leafId, sequence, leaf, event } of checked) {
    const read = readLeaf(leaf);
    if (read?.event?.id !== leafId || read.sequence !== sequence || read.tenant !== tenantId) {
      findings.add('leaf_altered', sequence, `Leaf ${sequence} does not say that it is this one.`);
    }
    if (!event) {
      const was = read?.event ? `: ${read.event.action}, ${read.event.at}` : '';
      findings.add('event_deleted', leafId, `Event ${leafId} was sealed and is gone${was}.`);
      continue;
    }
    const differing = await differences(event, sequence, leaf, key);
    if (differing.length === 0) continue;
    const what = differing.join(', ');
    findings.add('event_edited', leafId, `Event ${leafId} is not what was sealed: ${what}.`);
  }
}

/** Walk all leaves in their order. @returns the time of the latest leaf within `anchored` */
async function walk(
  options: VerifyOptions,
  regrown: Regrown,
  anchored: number,
  findings: Findings,
): Promise<string | null> {
  let latest: string | null = null;
  for (let from = 0; ; ) {
    const checked = await store.leavesFrom(options.reader, options.tenantId, from, batch);
    for (const { sequence, leaf } of checked) {
      if (sequence !== regrown.frontier.size) {
        const missing = `Leaf ${regrown.frontier.size} is not there; the next is ${sequence}.`;
        findings.add('leaf_missing', regrown.frontier.size, missing);
      }
      regrown.append(leaf);
      const at = readLeaf(leaf)?.event?.at;
      if (at && sequence < anchored && (latest === null || at > latest)) latest = at;
    }
    await checkEvents(checked, options, findings);
    const last = checked.at(-1);
    if (!last || checked.length < batch) return latest;
    from = last.sequence + 1;
  }
}

async function checkTiles(
  { reader, tenantId }: VerifyOptions,
  regrown: Regrown,
  findings: Findings,
): Promise<void> {
  for (const level of regrown.levels) {
    let seen = 0;
    for (let from = 0; ; ) {
      const tiles = await store.tilesFrom(reader, tenantId, level, from, batch);
      for (const { position, hashes } of tiles) {
        seen += hashes.length / hashBytes;
        if (regrown.tile(level, position).equals(hashes)) continue;
        const problem = `The kept nodes ${level}/${position} do not follow from the leaves.`;
        findings.add('tree_altered', `${level}/${position}`, problem);
      }
      const last = tiles.at(-1);
      if (!last || tiles.length < batch) break;
      from = last.position + 1;
    }
    if (seen === regrown.count(level)) continue;
    const problem = `Of ${regrown.count(level)} nodes of level ${level}, ${seen} are kept.`;
    findings.add('tree_altered', String(level), problem);
  }
}

function holdAgainst(
  anchor: Anchor,
  options: VerifyOptions,
  regrown: Regrown,
  findings: Findings,
  place: 'outside' | 'inside',
): boolean {
  const { size } = anchor;
  const checkpoint = openAnchor(anchor, options.verifierKeys);
  if (!checkpoint) {
    const where = place === 'outside' ? 'outside the database' : 'in the database';
    const problem = `The checkpoint of ${size} events ${where} is not signed with a known key.`;
    findings.add('checkpoint_unsigned', size, problem);
    return false;
  }
  const root = regrown.rootAt(size);
  if (!root) {
    const problem = `${size} events were signed for, and ${regrown.frontier.size} are there.`;
    findings.add('truncated', size, problem);
  } else if (!root.equals(checkpoint.root)) {
    const kind = place === 'outside' ? 'root_differs' : 'checkpoint_altered';
    findings.add(kind, size, `The first ${size} events are not those that were signed for.`);
  }
  return true;
}

/**
 * Hold all that a tenant has on record against what was signed and put outside the database: rows
 * against leaves, leaves against the tree, the tree against the checkpoints.
 */
export async function verifyTenant(options: VerifyOptions): Promise<Verification> {
  const { reader, tenantId, anchors } = options;
  const findings = new Findings(tenantId);
  const [tree, held] = await Promise.all([
    store.treeOf(reader, tenantId),
    store.checkpointsOf(reader, tenantId),
  ]);
  const anchored = Math.max(0, ...anchors.map(({ size }) => size));
  const regrown = new Regrown(new Set([...anchors, ...held].map(({ size }) => size)));
  const latest = await walk(options, regrown, anchored, findings);
  for (const anchor of anchors) holdAgainst(anchor, options, regrown, findings, 'outside');
  for (const own of held) holdAgainst(own, options, regrown, findings, 'inside');
  const sameTree =
    (tree?.size ?? 0) === regrown.frontier.size &&
    (tree ? regrown.frontier.bytes.equals(tree.frontier) : true);
  if (!sameTree) {
    const problem = `The tree stands at ${tree?.size ?? 0} events, and its leaves make another.`;
    findings.add('tree_altered', tree?.size ?? 0, problem);
  }
  await checkTiles(options, regrown, findings);
  for (const { id, at } of await store.eventsWithoutLeaf(reader, tenantId, latest, batch)) {
    findings.add('event_inserted', id, `Event ${id} of ${at} was never sealed.`);
  }
  return {
    leaves: regrown.frontier.size,
    checkpoints: anchors.length,
    anchored,
    findings: findings.list,
  };
}
