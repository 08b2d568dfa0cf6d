import Link from 'next/link';
import { Badge, durationText } from '@/components/ui';
import type { Excerpt, StepCallView } from '@/lib/automations/contract';

/** Where an event of the record is shown; undefined for those who may not see it. */
export type EventHref = (eventId: string) => string;

/** Leads to the event on the record that tells of something. */
export function EventLink({ id, eventHref }: { id: string | null; eventHref?: EventHref }) {
  if (!id || !eventHref) return null;
  return (
    <Link
      className="rounded-sm text-accent underline-offset-4 hover:underline"
      href={eventHref(id)}
    >
      On record
    </Link>
  );
}

export interface StepCallsProps {
  calls: Excerpt<StepCallView>;
  eventHref?: EventHref;
}

/** The calls to the provider that a step made: what was asked and how it went. */
export function StepCalls({ calls, eventHref }: StepCallsProps) {
  if (calls.total === 0) return <p className="text-muted text-sm">The provider was not called.</p>;
  return (
    <>
      <ul className="divide-y rounded-lg border">
        {calls.items.map((call) => (
          <li
            key={call.id}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-xs"
          >
            <Badge tone={call.status !== null && call.status < 400 ? 'success' : 'danger'}>
              {call.status ?? 'No answer'}
            </Badge>
            <span className="min-w-0 flex-1 basis-40 break-all font-mono">
              <span className="font-semibold">{call.method}</span> {call.path}
            </span>
            <span data-numeric className="text-muted">
              {durationText(call.durationMs)}
              {call.attempt > 1 && `, attempt ${call.attempt}`}
            </span>
            <EventLink id={call.eventId} eventHref={eventHref} />
          </li>
        ))}
      </ul>
      <More shown={calls.items.length} total={calls.total} />
    </>
  );
}

export function More({ shown, total }: { shown: number; total: number }) {
  if (total <= shown) return null;
  return (
    <p className="mt-2 text-muted text-xs">
      The first {shown} of {total.toLocaleString('en-GB')}.
    </p>
  );
}
