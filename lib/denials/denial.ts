import { createHash } from 'node:crypto';
import type { TenantId, UserId } from '@/db';
import type { DenialReason } from '@/db/schema';

/** The person who was refused, as they are called now. */
interface DeniedActor {
  readonly userId: UserId;
  readonly name: string;
  readonly email: string;
}

/** A refused access, before it is on record. */
export interface Denial {
  /** By claim: the session's, or that of a job's row. */
  readonly tenantId: TenantId;
  /** Null when no person asked, as with an event. */
  readonly actor: DeniedActor | null;
  readonly reason: DenialReason;
  /** The method of HTTP, `ACTION`, `PAGE` or `EVENT`. */
  readonly method: string;
  /** The address without its query, or the name of the action or event. */
  readonly path: string;
  readonly requestId: string;
  readonly ipAddress?: string | undefined;
  readonly userAgent?: string | undefined;
  /** The ids asked for, and what else there is to know. Never a secret. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Characters kept of what a caller may make as long as they like. */
const limits = { path: 300, method: 20, userAgent: 300, ipAddress: 64, requestId: 128, name: 200 };

/** Characters of the details, as JSON. */
const detailsLimit = 4_000;

/** PostgreSQL keeps neither a zero byte nor half of a surrogate pair; encoding replaces the latter. */
const keepable = (text: string, limit: number): string =>
  Buffer.from(text.replaceAll('\0', '').slice(0, limit)).toString();

function boundedDetails(details: Denial['details']): Denial['details'] {
  const text = JSON.stringify(details);
  const keepableToo = text.length <= detailsLimit && !/\\u(?:0000|d[89a-f])/i.test(text);
  return keepableToo ? details : { leftOut: 'too long, or no text' };
}

/** The same denial with every part of a length and kind that the record takes. */
export function bounded(denial: Denial): Denial {
  const { actor, ipAddress, userAgent } = denial;
  return {
    ...denial,
    actor: actor && {
      userId: actor.userId,
      name: keepable(actor.name, limits.name),
      email: keepable(actor.email, 254),
    },
    method: keepable(denial.method, limits.method),
    path: keepable(denial.path, limits.path),
    requestId: keepable(denial.requestId, limits.requestId),
    ipAddress: ipAddress && keepable(ipAddress, limits.ipAddress),
    userAgent: userAgent && keepable(userAgent, limits.userAgent),
    details: boundedDetails(denial.details),
  };
}

/** What makes a refusal a repetition of another: actor, reason and what was asked for, ids and all. */
export function digestOf({ actor, reason, method, path, details }: Denial): string {
  const parts = [actor?.userId ?? null, reason, method, path, details];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

/** Of the row that takes what is beyond the most rows of a minute: who and why stay exact. */
export const overflowDigest = ({ actor, reason }: Pick<Denial, 'actor' | 'reason'>): string =>
  `overflow:${reason}:${actor?.userId ?? ''}`;
