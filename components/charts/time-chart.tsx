import { useId } from 'react';
import { cn } from '@/components/ui';
import { toneSolid } from '@/components/ui/tone';
import { ChartTable } from './chart-table';
import { Marks } from './marks';
import { labelled, valueScale } from './scale';
import { dashes, type TimeChartProps } from './series';
import { axisTime } from './times';
import { leastStep, tickText, valueText } from './units';

const height = 140;
const mostLabels = 6;

/**
 * Values over time, drawn as SVG by the server: crisp at any width, without a script. The same values
 * stand in a table beneath, for keyboards and screen readers. Times are in UTC.
 */
export function TimeChart(props: TimeChartProps) {
  const { title, unit, detail, times, step, shape, series, className } = props;
  const id = useId();
  const known = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const scale = valueScale(Math.max(0, ...known), 4, leastStep[unit]);
  const most = known.length > 0 ? valueText(Math.max(...known), unit) : null;
  return (
    <figure aria-labelledby={id} className={cn('min-w-0', className)}>
      <figcaption className="mb-3 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5">
        <span id={id} className="font-medium text-sm">
          {title}
        </span>
        {detail && (
          <span data-numeric className="text-muted text-xs">
            {detail}
          </span>
        )}
      </figcaption>
      {series.length > 1 && <Legend series={series} />}
      {most === null ? (
        <p className="flex h-35 items-center justify-center rounded-lg border border-dashed text-muted text-sm">
          Nothing to draw in this time.
        </p>
      ) : (
        <div className="grid grid-cols-[3.25rem_minmax(0,1fr)] gap-x-2">
          <svg aria-hidden="true" height={height} className="w-full overflow-visible text-faint">
            {scale.ticks.map((tick) => (
              <text
                key={tick}
                x="100%"
                y={height - (tick / scale.most) * height}
                dy="0.32em"
                textAnchor="end"
                className="fill-current text-2xs"
              >
                {tickText(tick, unit)}
              </text>
            ))}
          </svg>
          <svg
            role="img"
            aria-label={`${title}: at most ${most}; the table beneath holds every value`}
            height={height}
            className="w-full overflow-visible"
          >
            {scale.ticks.map((tick) => (
              <line
                key={tick}
                x1="0"
                x2="100%"
                y1={height - (tick / scale.most) * height}
                y2={height - (tick / scale.most) * height}
                className={tick === 0 ? 'stroke-border-strong' : 'stroke-border'}
              />
            ))}
            <Marks {...{ times, step, unit, shape, series, height }} most={scale.most} />
          </svg>
          <TimeAxis times={times} step={step} />
        </div>
      )}
      <ChartTable title={title} times={times} step={step} unit={unit} series={series} />
    </figure>
  );
}

function TimeAxis({ times, step }: Pick<TimeChartProps, 'times' | 'step'>) {
  const first = new Date(times[0] ?? 0).getTime();
  const hours = (new Date(times.at(-1) ?? 0).getTime() - first) / 3_600_000;
  return (
    <svg aria-hidden="true" height="20" className="col-start-2 w-full overflow-visible text-faint">
      {labelled(times.length, mostLabels).map((at, place) => (
        <text
          key={times[at]}
          x={`${(at / times.length) * 100}%`}
          y="15"
          className={cn('fill-current text-2xs', place % 2 === 1 && 'max-sm:hidden')}
        >
          {axisTime(times[at] ?? '', step, hours)}
        </text>
      ))}
    </svg>
  );
}

function Legend({ series }: Pick<TimeChartProps, 'series'>) {
  return (
    <ul className="mb-2 flex flex-wrap gap-x-4 gap-y-1 text-muted text-xs">
      {series.map(({ label, tone }, at) => (
        <li key={label} className="flex min-w-0 items-center gap-1.5">
          <svg aria-hidden="true" width="18" height="6" className={cn('shrink-0', toneSolid[tone])}>
            <line
              x1="0"
              x2="18"
              y1="3"
              y2="3"
              strokeWidth="2"
              stroke="currentColor"
              strokeDasharray={dashes[at % dashes.length]}
            />
          </svg>
          <span className="truncate">{label}</span>
        </li>
      ))}
    </ul>
  );
}
