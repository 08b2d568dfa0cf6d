import { Badge, StatusBadge, Waterfall, type WaterfallSpan } from '@/components/ui';

/** A run such as the templates make, with made-up figures; marked as an example on the page. */
const steps: readonly WaterfallSpan[] = [
  span('find', 'Find newsletters', 0, 40, 860),
  span('label', 'Label 12 messages', 860, 900, 2_300),
  span('archive', 'Archive 12 messages', 2_300, 2_420, 3_500, 2),
  span('report', 'Write the report', 3_500, 3_540, 3_820),
];

const effects = [
  { id: '1', text: 'Label “Newsletter” put on 12 messages' },
  { id: '2', text: '12 messages moved out of the inbox' },
  { id: '3', text: 'Report “Newsletters, week 47” written' },
];

function span(
  id: string,
  label: string,
  queuedAt: number,
  startedAt: number,
  finishedAt: number,
  attempts = 1,
): WaterfallSpan {
  return { id, label, status: 'succeeded', queuedAt, startedAt, finishedAt, attempts };
}

/** What the product shows of a run, drawn with the product's own parts. */
export function SampleRun() {
  return (
    <figure className="overflow-hidden rounded-2xl border bg-surface text-left shadow-lg">
      <figcaption className="flex flex-wrap items-center justify-between gap-2 border-b px-4 py-3 sm:px-5">
        <span className="min-w-0">
          <span className="block font-semibold">Tidy newsletters</span>
          <span className="block text-muted text-xs">An example run · every weekday at 7:00</span>
        </span>
        <StatusBadge status="succeeded" />
      </figcaption>
      <div className="px-2 py-3 sm:px-3">
        <Waterfall label="Steps of the example run" spans={steps} now={3_820} />
      </div>
      <div className="border-t bg-sunken/60 px-4 py-3 sm:px-5">
        <p className="mb-2 flex items-center gap-2 font-medium text-muted text-xs">
          On the record <Badge>3 changes</Badge>
        </p>
        <ul className="space-y-1.5">
          {effects.map((effect) => (
            <li key={effect.id} className="flex items-start justify-between gap-4 text-sm">
              <span className="min-w-0">{effect.text}</span>
              <StatusBadge status="done" variant="text" className="mt-0.5 text-muted text-xs" />
            </li>
          ))}
        </ul>
      </div>
    </figure>
  );
}
