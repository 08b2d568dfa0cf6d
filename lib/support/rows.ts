import { supportRequests, supportSessions } from '@/db/schema';
import type { SupportRequestRow, SupportSessionRow } from './contract';

export const sessionColumns = {
  id: supportSessions.id,
  userId: supportSessions.userId,
  staffName: supportSessions.staffName,
  reason: supportSessions.reason,
  ticket: supportSessions.ticket,
  startedAt: supportSessions.createdAt,
  endsAt: supportSessions.endsAt,
  endedAt: supportSessions.endedAt,
  ending: supportSessions.ending,
  endedName: supportSessions.endedName,
  mendsSince: supportSessions.writeSince,
  mendsBy: supportSessions.writeApprovedName,
};

interface StoredSession
  extends Omit<SupportSessionRow, 'startedAt' | 'endsAt' | 'endedAt' | 'mendsSince' | 'open'> {
  readonly userId: string;
  readonly startedAt: Date;
  readonly endsAt: Date;
  readonly endedAt: Date | null;
  readonly mendsSince: Date | null;
}

/** As people are shown it: who among staff it was by name, not by account. */
export function shownSession({ userId: _account, ...row }: StoredSession): SupportSessionRow {
  const overdue = row.endedAt === null && row.endsAt <= new Date();
  return {
    ...row,
    startedAt: row.startedAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    endedAt: (overdue ? row.endsAt : row.endedAt)?.toISOString() ?? null,
    ending: overdue ? 'time' : row.ending,
    mendsSince: row.mendsSince?.toISOString() ?? null,
    open: row.endedAt === null && !overdue,
  };
}

export const requestColumns = {
  id: supportRequests.id,
  userId: supportRequests.userId,
  staffName: supportRequests.staffName,
  reason: supportRequests.reason,
  ticket: supportRequests.ticket,
  askedAt: supportRequests.createdAt,
  expiresAt: supportRequests.expiresAt,
  decision: supportRequests.decision,
  decidedName: supportRequests.decidedName,
  usedAt: supportRequests.usedAt,
};

interface StoredRequest
  extends Pick<SupportRequestRow, 'id' | 'staffName' | 'reason' | 'ticket' | 'decidedName'> {
  readonly userId: string;
  readonly askedAt: Date;
  readonly expiresAt: Date;
  readonly decision: 'approved' | 'declined' | null;
  readonly usedAt: Date | null;
}

function stateOf({ decision, usedAt, expiresAt }: StoredRequest): SupportRequestRow['state'] {
  if (usedAt) return 'used';
  if (decision === 'declined') return 'declined';
  if (expiresAt <= new Date()) return 'expired';
  return decision ?? 'waiting';
}

export function shownRequest(row: StoredRequest): SupportRequestRow {
  const { id, staffName, reason, ticket, decidedName } = row;
  return {
    ...{ id, staffName, reason, ticket, decidedName },
    askedAt: row.askedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    state: stateOf(row),
  };
}
