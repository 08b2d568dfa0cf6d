/** What the record shows of itself; times are ISO 8601 in UTC. */

/** How far a tenant's record is sealed and signed. */
export interface RecordState {
  /** Events with a place in the tree. */
  readonly sealed: number;
  readonly checkpoint: {
    readonly size: number;
    /** Base64. */
    readonly root: string;
    readonly signedAt: string;
    readonly publishedAt: string | null;
    /** Whether it bears our signature. Where not, nothing that the database says of it is to be believed. */
    readonly ours: boolean;
  } | null;
  /** Checkpoints fail, the last one is not ours, or events have waited for one for far longer than they should. */
  readonly behind: boolean;
  readonly origin: string | null;
  /** What a verifier of signed notes is given; null before the first checkpoint. */
  readonly verifierKey: string | null;
}

/** How a tenant's record stands, as staff see it. */
export interface StaffRecordState {
  /** Events with a place in the tree, and those that the last checkpoint covers. */
  readonly sealed: number;
  readonly signed: number;
  readonly signedAt: string | null;
  /** Whether the last checkpoint bears our signature; true before the first. */
  readonly ours: boolean;
  /** Events that could not be sealed when their turn came, and are tried again. */
  readonly waiting: number;
  /** Attempts since the last checkpoint that reached its place outside, and what the last one met. */
  readonly failures: number;
  readonly failure: string | null;
}

/** Of what is wrong with a proof: then it says nothing about the event itself. */
export const checkpointNotOurs = 'the checkpoint is not signed with our key';

/** What can be said of one event. */
export type EventProof =
  /** It has no place yet, or no checkpoint covers it. */
  | { readonly state: 'pending'; readonly sequence: number | null }
  | {
      readonly state: 'proven';
      readonly sequence: number;
      readonly size: number;
      readonly root: string;
      readonly signedAt: string;
      /** Hashes between the event and the root. */
      readonly hashes: number;
    }
  /** The record says something else than was sealed, or the proof does not lead to what was signed. */
  | { readonly state: 'broken'; readonly problems: readonly string[] };

export const recordFaults = [
  'event_deleted',
  'event_edited',
  'event_inserted',
  'leaf_altered',
  'leaf_missing',
  'tree_altered',
  'truncated',
  'root_differs',
  'checkpoint_altered',
  'checkpoint_missing',
  'checkpoint_unsigned',
] as const;
export type RecordFaultKind = (typeof recordFaults)[number];

/** Something about a record that is not as it was sealed, or signed for. */
export interface RecordFinding {
  readonly kind: RecordFaultKind;
  readonly tenantId: string;
  /** An event's id, a place in the tree or the size at a checkpoint. */
  readonly where: string;
  /** For people. */
  readonly problem: string;
}
