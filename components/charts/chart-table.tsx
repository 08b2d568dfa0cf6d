import type { TimeChartProps } from './series';
import { pointTime } from './times';
import { valueText } from './units';

type ChartTableProps = Pick<TimeChartProps, 'title' | 'times' | 'step' | 'unit' | 'series'>;

/** A chart's values as a table, folded away until somebody opens it. */
export function ChartTable({ title, times, step, unit, series }: ChartTableProps) {
  return (
    <details className="mt-2 text-xs">
      <summary className="w-fit cursor-pointer rounded-sm text-muted hover:text-text">
        Show as a table<span className="sr-only">: {title}</span>
      </summary>
      <section
        aria-label={title}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and a keyboard must reach it
        tabIndex={0}
        className="mt-2 max-h-72 overflow-auto rounded-lg border"
      >
        <table className="w-full border-collapse text-left">
          <caption className="sr-only">{title}</caption>
          <thead className="sticky top-0 bg-sunken">
            <tr>
              <th scope="col" className="px-3 py-1.5 font-medium text-muted">
                From (UTC)
              </th>
              {series.map(({ label }) => (
                <th
                  key={label}
                  scope="col"
                  className="px-3 py-1.5 text-right font-medium text-muted"
                >
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {times.map((time, at) => (
              <tr key={time} className="border-t">
                <th scope="row" className="whitespace-nowrap px-3 py-1 font-normal">
                  {pointTime(time, step)}
                </th>
                {series.map(({ label, values }) => {
                  const value = values[at];
                  return (
                    <td key={label} data-numeric className="px-3 py-1 text-right">
                      {value == null ? 'not known' : valueText(value, unit)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
