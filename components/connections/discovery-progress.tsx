import { Callout, DateTime, Duration, Progress } from '@/components/ui';
import type { DiscoveryView } from '@/lib/connections/contract';
import type { DiscoveryPhase } from '@/lib/providers/contract';

const phaseWords: Readonly<Record<DiscoveryPhase, string>> = {
  people: 'Looking at the people',
  mailbox: 'Looking at the mailbox',
  drives: 'Looking at drives',
  files: 'Looking at files',
  calendars: 'Looking at calendars',
  channels: 'Looking at channels',
};
function found({ counts }: DiscoveryView): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

export interface DiscoveryProgressProps {
  discovery: DiscoveryView;
  /** What it goes through, in order. */
  phases: readonly DiscoveryPhase[];
}

/** Phase and counts while it goes on; how it ended afterwards. */
export function DiscoveryProgress({ discovery, phases }: DiscoveryProgressProps) {
  const { state, error, finishedAt, startedAt, added, updated, gone } = discovery;
  if (state === 'queued' || state === 'running')
    return <Going discovery={discovery} phases={phases} />;
  if (state === 'failed') {
    return (
      <Callout tone="danger" title={error ?? 'It did not come to its end.'}>
        {finishedAt && <DateTime value={finishedAt} />}. What had been found before is kept.
      </Callout>
    );
  }
  return (
    <p className="text-muted text-sm">
      {added} new, {updated} changed, {gone} gone
      {finishedAt && (
        <>
          {' · '}
          <DateTime value={finishedAt} />
        </>
      )}
      {startedAt && finishedAt && (
        <>
          {' · took '}
          <Duration from={startedAt} to={finishedAt} />
        </>
      )}
      {discovery.requestedBy && ` · asked for by ${discovery.requestedBy}`}
    </p>
  );
}

function Going({ discovery, phases }: DiscoveryProgressProps) {
  const { phase, error, requestedBy } = discovery;
  const at = phases.indexOf(phase as DiscoveryPhase);
  const current = phases[at];
  return (
    <div className="grid gap-2" aria-live="polite">
      <Progress
        label="Discovery"
        caption={current ? phaseWords[current] : 'About to begin'}
        detail={`${found(discovery)} found`}
        {...(at >= 0 ? { value: at + 0.5, max: phases.length } : {})}
      />
      <p className="text-muted text-xs">
        {at >= 0 && `Step ${at + 1} of ${phases.length}. `}
        {requestedBy && `Asked for by ${requestedBy}. `}
        You can leave this page; it goes on.
      </p>
      {error && (
        <Callout tone="warning" role="status" title={error}>
          We will try again.
        </Callout>
      )}
    </div>
  );
}
