import Link from 'next/link';
import { type ReactNode, useId } from 'react';
import { cn } from './cn';
import { statusLook } from './status';
import { durationText } from './time-format';
import { toneInk, toneSolid } from './tone';
import { barOf, type Scale, scaleOf, type WaterfallSpan } from './waterfall-scale';

export interface WaterfallProps {
  /** What the spans are parts of, for screen readers. */
  label: string;
  spans: readonly WaterfallSpan[];
  /** Milliseconds since the epoch; where open ends are drawn to. */
  now: number;
  selectedId?: string;
  /** Address that selects a span, so that the detail has a permalink. */
  hrefOf: (id: string) => string;
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
            <Link
              href={hrefOf(span.id)}
              scroll={false}
              aria-current={span.id === selectedId ? 'true' : undefined}
              className="grid items-center gap-x-3 gap-y-1 rounded-md px-2 py-1.5 transition-colors hover:bg-hover aria-[current=true]:bg-accent-soft sm:grid-cols-[13rem_minmax(0,1fr)_4.5rem]"
            >
              <SpanName span={span} />
              <SpanBar span={span} scale={scale} now={now} hatch={hatch} />
              <span data-numeric className="hidden text-right text-muted text-xs sm:block">
                {span.startedAt === null
                  ? '–'
                  : durationText((span.finishedAt ?? now) - span.startedAt)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <Legend hatch={hatch} />
    </div>
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
      <span className="min-w-0 truncate">{span.label}</span>
      <span className="sr-only">, {look.label}</span>
      {span.attempts !== undefined && span.attempts > 1 && (
        <span className="shrink-0 text-2xs text-warning" title={`Tried ${span.attempts} times`}>
          ×{span.attempts}
        </span>
      )}
    </span>
  );
}

interface SpanBarProps {
  span: WaterfallSpan;
  scale: Scale;
  now: number;
  hatch: string;
}

/** The narrowest share that can still be seen. */
const least = 0.006;
const percent = (share: number) => `${Math.round(share * 10_000) / 100}%`;

function SpanBar({ span, scale, now, hatch }: SpanBarProps) {
  const bar = barOf(span, scale, now);
  const tone = toneSolid[statusLook(span.status).tone];
  const runFrom = Math.min(bar.runFrom, 1 - least);
  return (
    <svg aria-hidden="true" className={cn('block h-3.5 w-full overflow-visible', tone)}>
      <rect width="100%" height="100%" rx="3" className="fill-hover" />
      {bar.waitTo > bar.waitFrom && (
        <rect
          x={percent(bar.waitFrom)}
          width={percent(bar.waitTo - bar.waitFrom)}
          height="100%"
          rx="3"
          fill={`url(#${hatch})`}
        />
      )}
      {span.startedAt !== null && (
        <rect
          x={percent(runFrom)}
          width={percent(Math.max(least, bar.runTo - runFrom))}
          height="100%"
          rx="3"
          className="fill-current"
        />
      )}
    </svg>
  );
}

function Axis({ scale }: { scale: Scale }) {
  return (
    <div
      aria-hidden
      className="hidden gap-x-3 px-2 pb-1 sm:grid sm:grid-cols-[13rem_minmax(0,1fr)_4.5rem]"
    >
      <span />
      <svg aria-hidden="true" className="h-4 w-full overflow-visible">
        {scale.ticks.map((tick) => (
          <text
            key={tick}
            x={percent(tick / (scale.to - scale.from))}
            y="11"
            className="fill-faint text-2xs"
          >
            {tick === 0 ? '0' : durationText(tick)}
          </text>
        ))}
      </svg>
      <span className="text-right text-2xs text-faint">ran for</span>
    </div>
  );
}

function Legend({ hatch }: { hatch: string }): ReactNode {
  return (
    <div aria-hidden className="mt-2 flex items-center gap-4 px-2 text-2xs text-muted">
      <span className="flex items-center gap-1.5">
        <svg aria-hidden="true" className="h-2.5 w-5">
          <rect width="100%" height="100%" rx="2" fill={`url(#${hatch})`} />
        </svg>
        waiting
      </span>
      <span className="flex items-center gap-1.5">
        <svg aria-hidden="true" className="h-2.5 w-5 text-success-solid">
          <rect width="100%" height="100%" rx="2" className="fill-current" />
        </svg>
        running
      </span>
    </div>
  );
}
