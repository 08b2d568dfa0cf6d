/**
 * The least id of a moment: our ids are UUIDs of version 7, led by 48 bits of milliseconds (RFC 9562,
 * 5.7), so that a time is a range of ids and needs no index of its own.
 * @param ms since the epoch
 */
export function firstIdOf<Id extends string>(ms: number): Id {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000` as Id;
}

const dayMs = 86_400_000;

/** When a day in UTC begins, and when the next one does, in milliseconds since the epoch. */
export const startOfDay = (day: string): number => Date.parse(`${day}T00:00:00Z`);
export const endOfDay = (day: string): number => startOfDay(day) + dayMs;
