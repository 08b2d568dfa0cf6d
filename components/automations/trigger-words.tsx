import { CalendarClock, MousePointerClick } from 'lucide-react';
import { scheduleWords, type TriggerView } from '@/lib/automations/contract';

/** When it runs, in words. */
export function TriggerWords({ trigger }: { trigger: TriggerView }) {
  const Icon = trigger.type === 'manual' ? MousePointerClick : CalendarClock;
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5">
      <Icon aria-hidden className="size-3.5 shrink-0 text-faint" />
      <span>
        {trigger.type === 'manual' ? (
          'When somebody starts it'
        ) : (
          <>
            {scheduleWords(trigger.cron)}
            <span className="text-muted"> ({trigger.timeZone})</span>
          </>
        )}
      </span>
    </span>
  );
}
