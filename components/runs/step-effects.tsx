import { Code, DateTime, StatusBadge } from '@/components/ui';
import type { EffectView, Excerpt } from '@/lib/automations/contract';
import { type EventHref, EventLink, More } from './step-calls';

/** The changes that a step made at the provider, as its record has them. */
export function StepEffects({
  effects,
  eventHref,
}: {
  effects: Excerpt<EffectView>;
  eventHref?: EventHref;
}) {
  if (effects.total === 0) {
    return <p className="text-muted text-sm">Nothing was changed at the provider.</p>;
  }
  return (
    <>
      <ul className="divide-y rounded-lg border">
        {effects.items.map((effect) => (
          <li
            key={effect.id}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-xs"
          >
            <StatusBadge status={effect.state} />
            <span className="min-w-0 flex-1 basis-40 break-all">
              {effect.action} <Code>{effect.target}</Code>
            </span>
            <DateTime value={effect.at} className="text-muted" />
            <EventLink id={effect.eventId} eventHref={eventHref} />
          </li>
        ))}
      </ul>
      <More shown={effects.items.length} total={effects.total} />
    </>
  );
}
