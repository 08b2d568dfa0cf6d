import { cn } from './cn';
import { statusLook } from './status';
import { durationText } from './time-format';
import { toneSolid } from './tone';
import { barOf, type Scale, type WaterfallSpan } from './waterfall-scale';

interface SpanBarProps {
  span: WaterfallSpan;
  scale: Scale;
  now: number;
  hatch: string;
}

/** The narrowest share that can still be seen. */
const least = 0.006;
const percent = (share: number) => `${Math.round(share * 10_000) / 100}%`;

/** One span as a bar: hatched while it waited, solid while it ran. */
export function SpanBar({ span, scale, now, hatch }: SpanBarProps) {
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

/** The scale above the bars. */
export function Axis({ scale }: { scale: Scale }) {
  return (
    <div
      aria-hidden
      className="hidden gap-x-3 px-2 pb-1 sm:grid sm:grid-cols-[11rem_minmax(0,1fr)_4rem] xl:grid-cols-[13rem_minmax(0,1fr)_4rem]"
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

/** What the two kinds of bar mean. */
export function Legend({ hatch }: { hatch: string }) {
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
