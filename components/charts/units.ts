import { durationText } from '@/components/ui/time-format';

/** What a chart's values are counted in. */
export type Unit = 'count' | 'bytes' | 'milliseconds' | 'percent';

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A size in decimal units: `1.5 MB`. */
export function bytesText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), byteUnits.length - 1);
  const value = bytes / 1_000 ** power;
  return `${power === 0 ? Math.round(value) : value.toFixed(1)} ${byteUnits[power]}`;
}

/** A value in words, as exact as people read it. */
export function valueText(value: number, unit: Unit): string {
  switch (unit) {
    case 'count':
      return value.toLocaleString('en-GB');
    case 'bytes':
      return bytesText(value);
    case 'milliseconds':
      return durationText(value);
    case 'percent':
      return `${Number(value.toFixed(2))} %`;
  }
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

function shortDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1_000).toFixed(1))} s`;
  if (ms < 7_200_000) return `${Number((ms / 60_000).toFixed(1))} min`;
  return `${Number((ms / 3_600_000).toFixed(1))} h`;
}

/** The same for an axis: short. */
export function tickText(value: number, unit: Unit): string {
  if (unit === 'count') return compact.format(value);
  if (unit === 'milliseconds') return shortDuration(value);
  if (unit === 'bytes') return bytesText(value).replace('.0 ', ' ');
  return `${Number(value.toFixed(2))}%`;
}

/** The smallest step that an axis of this unit may have. */
export const leastStep: Readonly<Record<Unit, number>> = {
  count: 1,
  bytes: 1,
  milliseconds: 1,
  percent: 0.01,
};
