import { TimeChart, type TimeChartProps } from '@/components/charts';
import { Card, CardBody } from '@/components/ui';
import type { ConsoleOverview, LoadPoint } from '@/lib/load/contract';

type Drawn = Pick<TimeChartProps, 'title' | 'unit' | 'shape'> & {
  readonly key: Exclude<keyof LoadPoint, 'at'>;
  readonly label: string;
  readonly tone: TimeChartProps['series'][number]['tone'];
  readonly meaning: string;
};

const charts: readonly Drawn[] = [
  {
    key: 'requests',
    title: 'Load',
    label: 'Answers a minute',
    unit: 'count',
    shape: 'line',
    tone: 'accent',
    meaning: 'Pages, routes and actions answered a minute, over all processes.',
  },
  {
    key: 'errorPercent',
    title: 'Error rate',
    label: 'Failed',
    unit: 'percent',
    shape: 'line',
    tone: 'danger',
    meaning: 'Of a hundred answers, those with a status of 500 and above.',
  },
  {
    key: 'answerMs',
    title: 'Time to answer',
    label: 'On average',
    unit: 'milliseconds',
    shape: 'line',
    tone: 'info',
    meaning: 'What an answer took on average.',
  },
  {
    key: 'waiting',
    title: 'Queue depth',
    label: 'Waiting',
    unit: 'count',
    shape: 'line',
    tone: 'accent',
    meaning: 'Background work that was due and that nobody was at; the most of each point.',
  },
  {
    key: 'oldestWaitMs',
    title: 'Queue age',
    label: 'Longest wait',
    unit: 'milliseconds',
    shape: 'line',
    tone: 'warning',
    meaning: 'How long the oldest of it had waited; the most of each point.',
  },
];

/** How the platform fared over the window. */
export function LoadCharts({ points, window }: Pick<ConsoleOverview, 'points' | 'window'>) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-2 2xl:grid-cols-3">
      {charts.map(({ key, title, label, unit, shape, tone, meaning }) => (
        <Card key={key}>
          <CardBody>
            <TimeChart
              title={title}
              unit={unit}
              times={points.map(({ at }) => at)}
              step={window === '7d' ? 'hour' : 'minute'}
              shape={shape}
              series={[{ label, tone, values: points.map((point) => point[key]) }]}
            />
            <p className="mt-2 text-pretty text-muted text-xs">{meaning}</p>
          </CardBody>
        </Card>
      ))}
    </div>
  );
}
