import Link from 'next/link';
import { type ReactNode, useId } from 'react';
import { cn } from './cn';
import { statusLook } from './status';
import { durationText } from './time-format';
import { toneInk } from './tone';
import { Axis, Legend, SpanBar } from './waterfall-bar';
import { scaleOf, type WaterfallSpan } from './waterfall-scale';

export interface WaterfallProps {
  /** What the spans are parts of, for screen readers. */
  label: string;
  spans: readonly WaterfallSpan[];
  /** Milliseconds since the epoch; where open ends are drawn to. */
  now: number;
  selectedId?: string;
  /** Address that selects a span, so that the detail has a permalink. Without it rows are no links. */
  hrefOf?: (id: string) => string;
}

/** When each step waited (hatched) and when it ran (solid), one above the other on one scale. */
export function Waterfall({ label, spans, now, selectedId, hrefOf }: WaterfallProps) {
  const hatch = useId();
  if (spans.length === 0) return null;
  const scale = scaleOf(spans, now);
  return (
    <div className="min-w-0">
      <svg aria-hidden="true" className="absolute size-0">
        <pattern
          id={hatch}
          width="5"
          height="5"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <path d="M0 0v5" strokeWidth="3" className="stroke-border-strong" />
        </pattern>
      </svg>
      <Axis scale={scale} />
      <ul aria-label={label}>
        {spans.map((span) => (
          <li key={span.id}>
            <SpanRow href={hrefOf?.(span.id)} selected={span.id === selectedId}>
              <SpanName span={span} />
              <SpanBar span={span} scale={scale} now={now} hatch={hatch} />
              <span data-numeric className="hidden text-right text-muted text-xs sm:block">
                {span.startedAt === null
                  ? '–'
                  : durationText((span.finishedAt ?? now) - span.startedAt)}
              </span>
            </SpanRow>
          </li>
        ))}
      </ul>
      <Legend hatch={hatch} />
    </div>
  );
}

const row =
  'grid items-center gap-x-3 gap-y-1 rounded-md px-2 py-1.5 sm:grid-cols-[11rem_minmax(0,1fr)_4rem] xl:grid-cols-[13rem_minmax(0,1fr)_4rem]';

interface SpanRowProps {
  href?: string;
  selected: boolean;
  children: ReactNode;
}

function SpanRow({ href, selected, children }: SpanRowProps) {
  if (!href) return <div className={row}>{children}</div>;
  return (
    <Link
      href={href}
      scroll={false}
      aria-current={selected ? 'true' : undefined}
      className={cn(row, 'transition-colors hover:bg-hover aria-[current=true]:bg-accent-soft')}
    >
      {children}
    </Link>
  );
}

function SpanName({ span }: { span: WaterfallSpan }) {
  const look = statusLook(span.status);
  return (
    <span className="flex min-w-0 items-center gap-2 text-sm">
      <look.icon
        aria-hidden
        className={cn('size-3.5 shrink-0', toneInk[look.tone], look.busy && 'animate-spin')}
      />
      <span className="min-w-0 sm:truncate" title={span.label}>
        {span.label}
      </span>
      <span className="sr-only">, {look.label}</span>
      {span.attempts !== undefined && span.attempts > 1 && (
        <span className="shrink-0 text-2xs text-warning" title={`Tried ${span.attempts} times`}>
          ×{span.attempts}
        </span>
      )}
    </span>
  );
}
