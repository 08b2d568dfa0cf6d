import { z } from 'zod';
import type { DenialReason } from '@/db/schema';
import { idOf, markId } from '@/lib/ids/contract';
import { filterDay } from '@/lib/paging/contract';

export type { DenialReason };

/** Why an access was refused, in the words of those who read the record. */
export const denialReasonWords = {
  not_found: 'Asked for something that is not there, or not theirs',
  forbidden: 'Their role does not allow it',
  tenant_header_mismatch: 'Named another’s id in X-Tenant-ID',
  not_staff: 'Asked for the support console',
  not_member: 'Was no member any more, or the account is suspended',
  forged_job: 'A background job that nobody asked for',
  forged_context: 'Tried to change whose rows the database gives',
  consent_state: 'Brought an answer to somebody else’s consent',
  forged_notice: 'Claimed to be the provider, without its secret',
} as const satisfies Record<DenialReason, string>;

/** A reason in words; one that this version does not know is shown as it was written. */
export const denialReasonLabel = (reason: string): string =>
  (denialReasonWords as Record<string, string>)[reason] ?? reason;

const reasons = Object.keys(denialReasonWords) as [DenialReason, ...DenialReason[]];

/** Filters of the record of denials as they stand in the URL. An unusable one is dropped. */
export const denialFilter = z.object({
  reason: z.enum(reasons).optional().catch(undefined),
  actor: idOf('user').optional().catch(undefined),
  request: markId('request', z.string().max(128)).optional().catch(undefined),
  from: filterDay,
  to: filterDay,
});
export type DenialFilter = z.output<typeof denialFilter>;

/** A line of the record: one refusal and its repetitions within a minute. Times are ISO 8601, UTC. */
export interface DenialRow {
  readonly id: string;
  readonly at: string;
  readonly lastAt: string;
  readonly times: number;
  readonly userId: string | null;
  readonly actorName: string | null;
  readonly actorEmail: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly method: string;
  readonly path: string;
  readonly reason: DenialReason;
  readonly requestId: string;
  readonly lastRequestId: string | null;
  /** Stands for what came beyond the most rows of a minute. */
  readonly overflow: boolean;
  /** The ids asked for, and what else there is to know. */
  readonly details: Readonly<Record<string, unknown>>;
}
