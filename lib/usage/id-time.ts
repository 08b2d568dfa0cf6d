import type { AuditEventId } from '@/db';

const dayMs = 86_400_000;

/**
 * The least id of version 7 (RFC 9562) of a moment: records are read by their ids, which are led by
 * their time in milliseconds.
 * @param offsetMs moves the moment
 */
export function firstIdAt(at: Date, offsetMs = 0): string {
  const time = Math.max(0, at.getTime() + offsetMs)
    .toString(16)
    .padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

/** The least id that can have been made today (UTC). */
export function startOfDayId(now = new Date()): AuditEventId {
  return firstIdAt(new Date(Math.floor(now.getTime() / dayMs) * dayMs)) as AuditEventId;
}
