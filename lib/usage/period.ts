import type { UsagePeriod } from './contract';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export interface Span {
  readonly from: Date;
  /** The end of the running hour or day. */
  readonly to: Date;
  readonly step: 'hour' | 'day';
}

/** The hour that a moment lies in. */
export const hourOf = (at: Date): Date => new Date(Math.floor(at.getTime() / hourMs) * hourMs);

const endOf = (now: Date, size: number) => Math.floor(now.getTime() / size) * size + size;

/** From when until when a period is, by whole hours or whole days of UTC. */
export function spanOf(period: UsagePeriod, now: Date): Span {
  const hours = endOf(now, hourMs);
  const days = endOf(now, dayMs);
  switch (period) {
    case '24h':
      return { from: new Date(hours - dayMs), to: new Date(hours), step: 'hour' };
    case '7d':
      return { from: new Date(hours - 7 * dayMs), to: new Date(hours), step: 'hour' };
    case 'month':
      return {
        from: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)),
        to: new Date(days),
        step: 'day',
      };
    case '30d':
      return { from: new Date(days - 30 * dayMs), to: new Date(days), step: 'day' };
    case '90d':
      return { from: new Date(days - 90 * dayMs), to: new Date(days), step: 'day' };
  }
}

/** The starts of a span's hours or days. */
export function startsOf({ from, to, step }: Span): readonly Date[] {
  const size = step === 'hour' ? hourMs : dayMs;
  const count = Math.round((to.getTime() - from.getTime()) / size);
  return Array.from({ length: count }, (_, at) => new Date(from.getTime() + at * size));
}
