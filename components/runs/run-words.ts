import type { RunRowView } from '@/lib/automations/contract';

/** Who or what started a run, in words. */
export function startedByWords({ trigger, startedBy }: Pick<RunRowView, 'trigger' | 'startedBy'>) {
  if (trigger === 'schedule') return 'By its schedule';
  const who = startedBy ?? 'somebody who has left';
  return trigger === 'rerun' ? `Run again by ${who}` : `By ${who}`;
}
