export interface WaterfallSpan {
  id: string;
  label: string;
  /** A state as the domain names it. */
  status: string;
  /** Milliseconds since the epoch; null while it has not come to that. */
  queuedAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  /** How many times it was tried; shown from 2 on. */
  attempts?: number;
}

export interface Bar {
  /** Shares of the whole between 0 and 1. */
  readonly waitFrom: number;
  readonly waitTo: number;
  readonly runFrom: number;
  readonly runTo: number;
}

export interface Scale {
  readonly from: number;
  readonly to: number;
  /** Milliseconds after `from`. */
  readonly ticks: readonly number[];
}

const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500]
  .concat([1, 2, 5, 10, 15, 30].map((s) => s * 1_000))
  .concat([1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440].map((m) => m * 60_000));

/** The span of time that all spans cover, `now` standing in for an end that is still open. */
export function scaleOf(spans: readonly WaterfallSpan[], now: number): Scale {
  const from = Math.min(...spans.map((span) => span.queuedAt));
  const ends = spans.map((span) => span.finishedAt ?? Math.max(now, span.startedAt ?? 0));
  const to = Math.max(from + 1, ...ends);
  const step = steps.find((each) => (to - from) / each <= 5) ?? (to - from) / 4;
  const ticks: number[] = [];
  for (let at = 0; at <= to - from; at += step) ticks.push(at);
  return { from, to, ticks };
}

/** Where a span waits and where it runs, as shares of the scale. */
export function barOf(span: WaterfallSpan, scale: Scale, now: number): Bar {
  const share = (at: number) =>
    Math.min(1, Math.max(0, (at - scale.from) / (scale.to - scale.from)));
  const end = span.finishedAt ?? now;
  const start = span.startedAt ?? end;
  return {
    waitFrom: share(span.queuedAt),
    waitTo: share(start),
    runFrom: share(start),
    runTo: share(Math.max(start, end)),
  };
}
