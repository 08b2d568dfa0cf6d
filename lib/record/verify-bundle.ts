import { z } from 'zod';
import { bundleType } from './bundle';
import { type Checkpoint, isOriginOf, openCheckpoint, readCheckpoint } from './checkpoint';
import { readLeaf } from './compare';
import { canonical, type Leaf, type Personal } from './leaf';
import { openPersonal } from './personal';
import { Frontier, isIncluded, leafHash } from './tree';

const hash = z.base64().transform((text) => Buffer.from(text, 'base64'));
const header = z.strictObject({
  type: z.literal(bundleType),
  tenant: z.uuid(),
  origin: z.string(),
  checkpoint: z.string(),
  whole: z.boolean(),
});
const entry = z.strictObject({
  sequence: z.int().min(0),
  leaf: z.string(),
  proof: z.array(hash).max(64).optional(),
  key: z.base64url().optional(),
});
const end = z.strictObject({ end: z.literal(true), entries: z.int().min(0) });

/** One event of a bundle, as its leaf has it. */
export interface VerifiedEvent {
  readonly leaf: Leaf;
  /** Null where the bundle does not open it, or there is nothing to open. */
  readonly personal: Personal | null;
}

export interface BundleOptions {
  /** Who may have signed; none: signatures are not checked, and nothing is proven by them. */
  readonly verifierKeys: readonly string[];
  /** A checkpoint that the verifier has from elsewhere. */
  readonly kept?: string | undefined;
  /** Gets each event that held. */
  readonly onEvent?: ((event: VerifiedEvent) => void) | undefined;
}

export interface BundleReport {
  readonly origin: string;
  readonly whole: boolean;
  readonly size: number;
  readonly root: string;
  /** Events that hold. */
  readonly events: number;
  /** Of those, whose names, addresses and details hold as well. */
  readonly opened: number;
  readonly signature: 'verified' | 'unchecked';
  /** What came of the checkpoint from elsewhere. */
  readonly kept: 'none' | 'same' | 'earlier' | 'not_comparable';
  /** What is wrong; empty when all holds. */
  readonly problems: readonly string[];
}

/** Problems that are told one by one. */
const mostProblems = 50;

class BundleCheck {
  readonly problems: string[] = [];
  readonly #frontier = new Frontier();
  readonly #roots = new Map<number, Buffer>();
  events = 0;
  opened = 0;

  constructor(
    readonly tenant: string,
    readonly whole: boolean,
    readonly checkpoint: Checkpoint,
    readonly kept: Checkpoint | null,
    readonly options: BundleOptions,
  ) {}

  problem(text: string): void {
    if (this.problems.length < mostProblems) this.problems.push(text);
  }

  async take({ sequence, leaf, proof, key }: z.output<typeof entry>): Promise<void> {
    const read = readLeaf(leaf);
    if (!read || read.tenant !== this.tenant || read.sequence !== sequence) {
      this.problem(`Entry ${sequence} is no leaf of this record at that place.`);
      return;
    }
    if (canonical(read) !== leaf) this.problem(`Leaf ${sequence} is not in canonical form.`);
    if (!this.#holds(leaf, sequence, proof)) return;
    this.events += 1;
    const opened = key && read.personal ? await this.#open(read, key) : null;
    this.options.onEvent?.({ leaf: read, personal: opened });
  }

  #holds(leaf: string, sequence: number, proof: Buffer[] | undefined): boolean {
    const { size, root } = this.checkpoint;
    if (!this.whole) {
      if (isIncluded(leafHash(leaf), sequence, { size, root }, proof ?? [])) return true;
      this.problem(`The proof of entry ${sequence} does not lead to the checkpoint.`);
      return false;
    }
    if (sequence !== this.#frontier.size) {
      this.problem(`Entry ${this.#frontier.size} is missing, or out of order.`);
      return false;
    }
    this.#frontier.append(leafHash(leaf));
    if (this.#frontier.size === this.kept?.size) {
      this.#roots.set(this.#frontier.size, this.#frontier.root());
    }
    return true;
  }

  async #open(leaf: Leaf, key: string): Promise<Personal | null> {
    const opened = await openPersonal(Buffer.from(key, 'base64url'), leaf.personal ?? '');
    if (opened) this.opened += 1;
    else this.problem(`The key of entry ${leaf.sequence} does not open it.`);
    return opened;
  }

  /** What holds only of the bundle as a whole. */
  finish(): void {
    const { size, root } = this.checkpoint;
    if (!this.whole) return;
    if (this.#frontier.size !== size || !this.#frontier.root().equals(root)) {
      this.problem(`The ${this.#frontier.size} entries are not the ${size} that were signed for.`);
    }
  }

  compare(): BundleReport['kept'] {
    const { kept, checkpoint } = this;
    if (!kept) return 'none';
    if (kept.origin !== checkpoint.origin) {
      this.problem(`The checkpoint from elsewhere is of another record: ${kept.origin}.`);
      return 'not_comparable';
    }
    if (kept.size === checkpoint.size) {
      if (!kept.root.equals(checkpoint.root)) {
        this.problem('The checkpoint from elsewhere has the same size and another root.');
      }
      return 'same';
    }
    // A bundle of some events may be older than what is held against it; the whole record may not.
    if (this.whole && kept.size > checkpoint.size) {
      this.problem(
        `The checkpoint from elsewhere covers ${kept.size} events, and this file ends after ${checkpoint.size}: the newest are missing.`,
      );
    }
    const own = this.#roots.get(kept.size);
    if (!own) return 'not_comparable';
    if (!own.equals(kept.root)) {
      this.problem('The record does not begin with what the checkpoint from elsewhere has.');
    }
    return 'earlier';
  }
}

function opened(note: string, { verifierKeys }: BundleOptions, what: string): Checkpoint {
  if (verifierKeys.length === 0) return readCheckpoint(note);
  const checkpoint = openCheckpoint(note, verifierKeys);
  if (checkpoint) return checkpoint;
  throw new Error(`${what} is not signed with any of the keys given.`);
}

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/**
 * Verify a bundle with nothing but itself, a key and perhaps a checkpoint from elsewhere.
 * @throws Error when it is no bundle or its checkpoint is not signed: nothing is proven then
 */
export async function verifyBundle(
  lines: AsyncIterable<string>,
  options: BundleOptions,
): Promise<BundleReport> {
  let check: BundleCheck | undefined;
  let ended: z.output<typeof end> | undefined;
  let entries = 0;
  for await (const line of lines) {
    const value = parse(line);
    if (!check) {
      const first = header.safeParse(value);
      if (!first.success) throw new Error(`This is no bundle of type ${bundleType}.`);
      const checkpoint = opened(first.data.checkpoint, options, 'The checkpoint of the bundle');
      const { origin, tenant } = first.data;
      if (checkpoint.origin !== origin || !isOriginOf(origin, tenant)) {
        throw new Error('Its checkpoint is another’s.');
      }
      const kept = options.kept ? opened(options.kept, options, 'The checkpoint given') : null;
      check = new BundleCheck(first.data.tenant, first.data.whole, checkpoint, kept, options);
      continue;
    }
    const read = entry.safeParse(value);
    const last = end.safeParse(value);
    if (ended) check.problem('There is something behind its end.');
    else if (read.success) {
      entries += 1;
      await check.take(read.data);
    } else if (last.success) ended = last.data;
    else check.problem(`Line ${entries + 2} cannot be read.`);
  }
  if (!check) throw new Error('The file is empty.');
  if (ended?.entries !== entries) check.problem('The file was cut off, or lines were taken out.');
  check.finish();
  const kept = check.compare();
  return {
    origin: check.checkpoint.origin,
    whole: check.whole,
    size: check.checkpoint.size,
    root: check.checkpoint.root.toString('base64'),
    events: check.events,
    opened: check.opened,
    signature: options.verifierKeys.length > 0 ? 'verified' : 'unchecked',
    kept,
    problems: check.problems,
  };
}
