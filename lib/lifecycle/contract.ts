import { z } from 'zod';
import { idOf } from '@/lib/ids/contract';

/** What a deletion does, in its order; as the database knows it. */
export const deletionStages = [
  'grace',
  'holding',
  'revoking',
  'shredding',
  'erasing',
  'scanning',
  'certifying',
  'done',
] as const;
export type DeletionStage = (typeof deletionStages)[number];

/** What is being done at each stage, in words. */
export const stageWords: Readonly<Record<DeletionStage, string>> = {
  grace: 'Waiting for its time of grace to end',
  holding: 'Bringing work under way to its end',
  revoking: 'Giving back access at the providers',
  shredding: 'Destroying the keys',
  erasing: 'Erasing rows and files',
  scanning: 'Looking for anything that is left',
  certifying: 'Signing and sending the certificate',
  done: 'Deleted',
};

/** What members are told of a deletion that was asked for. Times are ISO 8601 in UTC. */
export interface PendingDeletion {
  readonly id: string;
  /** The organisation's own owner, or staff of the platform. */
  readonly origin: 'owner' | 'staff';
  readonly askedName: string;
  readonly askedAt: string;
  /** Until then an owner can undo it; from then on nobody can. */
  readonly graceUntil: string;
}

/** What goes, in the words of whoever is about to ask for it. */
export const consequences = [
  'Nobody gets in any more, and all work stops, when the time of grace is over.',
  'Our access is taken back at Microsoft, Google and Slack.',
  'Automations, runs, reports, resources, members, mails and the audit record are erased.',
  'Accounts of people who belong to no other organisation here are erased with it.',
  'Its keys are destroyed, so that copies in backups cannot be read where keys are kept apart.',
  'A certificate is sent to whoever asked for it.',
] as const;

/** `code` is of the second factor; `typed` the organisation's name. */
export const askDeletionInput = z.object({
  typed: z.string().trim().max(200),
  code: z.string().trim().min(6, 'Enter the code of your authenticator app.').max(64),
});

/** `typed` is the tenant's name. */
export const staffDeletionInput = z.object({
  tenantId: idOf('tenant'),
  typed: z.string().trim().max(200),
  reason: z
    .string()
    .trim()
    .min(8, 'Say in a few words why: it stays on record.')
    .max(500, 'Use at most 500 characters.'),
});

export const deletionInput = z.object({ deletionId: idOf('deletion') });
export const deletionParams = deletionInput;

/** How staff see a deletion stand. */
export const deletionStates = ['grace', 'under_way', 'done', 'ended'] as const;
export type DeletionState = (typeof deletionStates)[number];

/** What the list is narrowed to: a state, or what needs a person. */
const deletionShown = [...deletionStates, 'open', 'failing'] as const;

export const deletionFilter = z.object({
  state: z.enum(deletionShown).optional().catch(undefined),
});
export type DeletionFilter = z.output<typeof deletionFilter>;

/** How an audit record stood when its keys were about to be destroyed, before a row of it went. */
export const recordAtErasure = z.discriminatedUnion('state', [
  z.object({
    state: z.enum(['empty', 'signed', 'unsigned_tail', 'refused']),
    /** Why it was refused, in plain words. */
    because: z.string().optional(),
    /** Events with a place in the tree, those that the last checkpoint is signed for, and those without. */
    sealed: z.number(),
    signed: z.number(),
    unsealed: z.number(),
    /** When it was looked at; ISO 8601 in UTC. */
    at: z.string(),
  }),
  /** What was noted of it then is not there any more, or is not what was noted. */
  z.object({ state: z.literal('unknown') }),
]);
export type RecordAtErasure = z.output<typeof recordAtErasure>;

const events = (count: number) =>
  `${count.toLocaleString('en')} ${count === 1 ? 'event' : 'events'}`;

/** What to do about a record of which one cannot be sure. */
const compare =
  'Hold what you have of it, an export or checkpoints that you kept, against the checkpoints that stay outside the database.';

/**
 * What that means, in words.
 * @param record undefined for one that is not known of, since nobody looked
 */
export function recordWords(record: RecordAtErasure | undefined): {
  readonly title: string;
  readonly text: string;
  /** Whether it gives no reason to ask. */
  readonly sound: boolean;
} {
  switch (record?.state) {
    case 'empty':
      return { title: 'Nothing was on it', text: 'There was nothing to sign for.', sound: true };
    case 'signed':
      return {
        title: 'Signed for to its end',
        text: `Before it was erased, all of its ${events(record.signed)} were signed for, and it went on from what was signed before.`,
        sound: true,
      };
    case 'unsigned_tail':
      return {
        title: 'Its end was not signed for',
        text: `Before it was erased, it went on from its last checkpoint, of ${events(record.signed)}. ${events(record.sealed - record.signed + record.unsealed)} behind that could not be signed for: nothing proves what they were.`,
        sound: false,
      };
    case 'refused':
      return {
        title: 'It was not signed any more: the signer refused to sign it',
        text: `${record.because ?? ''} That is how it stood before it was erased. Only what the last checkpoint was signed for, ${events(record.signed)}, can be proven, and only with a copy from that time. ${compare}`,
        sound: false,
      };
    case 'unknown':
      return {
        title: 'It is not known whether it was whole',
        text: `What was noted of it before it was erased is not there any more, or was changed in the database; or the deletion was begun by an earlier version, which noted nothing. ${compare}`,
        sound: false,
      };
    case undefined:
      return {
        title: 'Nothing is said of whether it was whole',
        text: 'Certificates of earlier versions do not say it.',
        sound: true,
      };
  }
}

/** How a connection's authority was given back. */
export interface RevocationRow {
  readonly connectionId: string;
  readonly provider: string;
  readonly authority: string;
  readonly revoked: boolean;
  readonly because?: string;
  readonly attempts: number;
}

/** A deletion in the console. Times are ISO 8601 in UTC. */
export interface DeletionView {
  readonly id: string;
  readonly tenantId: string;
  /** Null once it is erased. */
  readonly tenantName: string | null;
  readonly origin: 'owner' | 'staff';
  readonly reason: string | null;
  readonly askedName: string | null;
  readonly askedAt: string;
  readonly graceUntil: string;
  readonly state: DeletionState;
  readonly stage: DeletionStage;
  readonly stageAt: string;
  readonly endedAt: string | null;
  readonly endedName: string | null;
  readonly error: string | null;
  readonly attempts: number;
  readonly revocations: readonly RevocationRow[];
  /** Rows erased, by table. */
  readonly counts: Readonly<Record<string, number>>;
  readonly rows: number;
  readonly files: number;
  readonly finishedAt: string | null;
  readonly certified: boolean;
}

/** One of them, opened. */
export interface OpenedDeletion extends DeletionView {
  /** As the certificate says it, or is about to; undefined where nothing is said of it. */
  readonly record?: RecordAtErasure;
}

/** What is purged, with the words people read. */
export const retentionKinds = {
  runs: 'Runs that ended, with their steps, changes and reports',
  provider_calls: 'Calls to providers',
  access_logs: 'Refused accesses',
  mails: 'Mails that were sent',
  jobs: 'Requests for background work that was handed over',
  resources: 'Resources that are gone at the provider',
  consents: 'Consents under way and links, once they are over',
} as const;
export type RetentionKind = keyof typeof retentionKinds;

/** How long something is kept, in words: `1 day`, `3,650 days`. */
export const inDays = (days: number): string =>
  `${days.toLocaleString('en')} ${days === 1 ? 'day' : 'days'}`;

/** How long each kind is kept, and what was deleted last. */
export interface RetentionRow {
  readonly kind: RetentionKind;
  readonly days: number;
  /** What is kept for less time soon: from when on, ISO 8601 in UTC, in that order. */
  readonly later: readonly { readonly days: number; readonly from: string }[];
  readonly lastAt: string | null;
  /** Rows of the last purge that found something. */
  readonly lastRows: number;
  /** Over the last 90 days. */
  readonly rows: number;
}
