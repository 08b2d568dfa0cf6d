import { cn } from '@/components/ui';
import { toneSolid } from '@/components/ui/tone';
import { segments } from './segments';
import { dashes, type Series, type TimeChartProps } from './series';
import { pointTime } from './times';
import { valueText } from './units';

type MarksProps = Pick<TimeChartProps, 'times' | 'step' | 'unit' | 'shape' | 'series'> & {
  readonly height: number;
  readonly most: number;
};

/** What a chart draws within its frame, and what a pointer is told. */
export function Marks(props: MarksProps) {
  const { shape, series, height, most, times } = props;
  return (
    <>
      {shape === 'bars'
        ? series.map((one) => (
            <Bars key={one.label} series={one} height={height} most={most} count={times.length} />
          ))
        : series.map((one, at) => (
            <Line
              key={one.label}
              series={one}
              most={most}
              dash={dashes[at % dashes.length] ?? 'none'}
              filled={series.length === 1}
            />
          ))}
      <Pointed {...props} />
    </>
  );
}

interface BarsProps {
  readonly series: Series;
  readonly height: number;
  readonly most: number;
  readonly count: number;
}

function Bars({ series, height, most, count }: BarsProps) {
  const width = 100 / count;
  const gap = count > 60 ? 0.12 : 0.2;
  return (
    <g className={toneSolid[series.tone]}>
      {series.values.map((value, at) => {
        if (!value) return null;
        // So that what is there can be seen, however little it is beside the rest.
        const size = Math.max((value / most) * height, 2);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is known by its place in time
            key={at}
            x={`${width * (at + gap / 2)}%`}
            width={`${width * (1 - gap)}%`}
            y={height - size}
            height={size}
            rx={count > 60 ? 0 : 2}
            className="fill-current"
          />
        );
      })}
    </g>
  );
}

interface LineProps {
  readonly series: Series;
  readonly most: number;
  readonly dash: string;
  readonly filled: boolean;
}

/** A line that has gaps where nobody looked. */
function Line({ series, most, dash, filled }: LineProps) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      width="100%"
      height="100%"
      className={cn('overflow-visible', toneSolid[series.tone])}
    >
      {segments(series.values, most).map(({ from, to, points }) => (
        <g key={from}>
          {filled && (
            <polygon
              points={`${from},100 ${points} ${to},100`}
              className="fill-current"
              fillOpacity="0.12"
            />
          )}
          <polyline
            points={points}
            fill="none"
            stroke="currentColor"
            strokeWidth="1.75"
            strokeDasharray={dash}
            strokeLinejoin="round"
            strokeLinecap="round"
            vectorEffect="non-scaling-stroke"
          />
        </g>
      ))}
    </svg>
  );
}

/** A column per point that says its values to a pointer. */
function Pointed({ times, step, unit, series }: MarksProps) {
  const width = 100 / times.length;
  return (
    <g>
      {times.map((time, at) => (
        <rect
          key={time}
          x={`${width * at}%`}
          width={`${width}%`}
          height="100%"
          className="fill-transparent hover:fill-hover"
        >
          <title>
            {[
              pointTime(time, step),
              ...series.map(({ label, values }) => {
                const value = values[at];
                return `${label}: ${value == null ? 'not known' : valueText(value, unit)}`;
              }),
            ].join('\n')}
          </title>
        </rect>
      ))}
    </g>
  );
}
