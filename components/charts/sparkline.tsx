import { cn, type Tone } from '@/components/ui';
import { toneSolid } from '@/components/ui/tone';
import { segments } from './segments';

export interface SparklineProps {
  /** What it shows, with the latest value: the line itself is for the eye. */
  label: string;
  values: readonly (number | null)[];
  tone?: Tone;
  className?: string;
}

/** A line as long as a word: how something went, without figures. */
export function Sparkline({ label, values, tone = 'accent', className }: SparklineProps) {
  const most = Math.max(1, ...values.filter((value) => value !== null));
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      className={cn('h-6 w-24 overflow-visible', toneSolid[tone], className)}
    >
      {segments(values, most).map(({ from, points }) => (
        <polyline
          key={from}
          points={points}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}
