import { type Series, TimeChart, valueText } from '@/components/charts';
import { Card, CardBody } from '@/components/ui';
import { type Measure, measures, measureWords, type UsageReport } from '@/lib/usage/contract';

/** The figure for the whole period beside a chart's title. */
function wholeOf(measure: Measure, { totals }: UsageReport): string {
  const total = totals[measure];
  if (total === null) return 'not measured yet';
  const text = valueText(total, measureWords[measure].unit);
  if (measure === 'storage') return `${text} now`;
  return measure === 'activeMembers' ? `${text} different ones` : `${text} in all`;
}

function MeasureChart({ measure, report }: { measure: Measure; report: UsageReport }) {
  const { title, meaning, unit } = measureWords[measure];
  const series: Series[] = [
    { label: title, tone: 'accent', values: report.points.map((point) => point[measure]) },
  ];
  return (
    <Card>
      <CardBody>
        <TimeChart
          title={title}
          detail={wholeOf(measure, report)}
          unit={unit}
          times={report.points.map(({ at }) => at)}
          step={report.step}
          shape={measure === 'storage' ? 'line' : 'bars'}
          series={series}
        />
        <p className="mt-2 text-pretty text-muted text-xs">{meaning}</p>
      </CardBody>
    </Card>
  );
}

interface MeasureChartsProps {
  report: UsageReport;
  /** Only this one. */
  kind?: Measure | undefined;
}

/** A chart for each kind of use, or for the one that was chosen. */
export function MeasureCharts({ report, kind }: MeasureChartsProps) {
  if (kind) return <MeasureChart measure={kind} report={report} />;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-2 2xl:grid-cols-3">
      {measures.map((measure) => (
        <MeasureChart key={measure} measure={measure} report={report} />
      ))}
    </div>
  );
}
