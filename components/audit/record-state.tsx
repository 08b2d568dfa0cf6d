import { FileCheck2, ShieldAlert, ShieldCheck } from 'lucide-react';
import { buttonStyles, Callout, CopyButton, DateTime } from '@/components/ui';
import type { RecordState } from '@/lib/record/contract';

const count = (number: number) => number.toLocaleString('en');

export interface RecordStateLineProps {
  state: RecordState;
  /** Whom to write to; null where the installation names nobody. */
  support: string | null;
}

/** How far the record is sealed and signed, above it; loud when that is behind, or not our word. */
export function RecordStateLine({ state, support }: RecordStateLineProps) {
  return (
    <>
      <StateLine state={state} />
      <Alarm state={state} support={support} />
    </>
  );
}

function Alarm({ state: { checkpoint, behind }, support }: RecordStateLineProps) {
  if (checkpoint && !checkpoint.ours) {
    return (
      <Callout
        tone="danger"
        title="The last checkpoint does not bear our signature"
        className="mb-4"
      >
        So nothing here proves that the record is the one that we signed for: somebody changed it in
        our database, or our signing key was exchanged and the one before is not known any more.{' '}
        {support ? (
          <>
            Tell us at once at{' '}
            <a className="wrap-anywhere underline underline-offset-2" href={`mailto:${support}`}>
              {support}
            </a>
            .
          </>
        ) : (
          'Tell us at once.'
        )}{' '}
        Keep the checkpoints and exports that you have, and download this one as well: held against
        them, your record shows whether anything was changed.
      </Callout>
    );
  }
  if (!behind) return null;
  return (
    <Callout tone="warning" title="Newer events are not signed for yet" className="mb-4">
      That usually takes a minute, and now takes longer. The events are on record; it is tried again
      by itself. Tell us if this stays for more than an hour.
    </Callout>
  );
}

function StateLine({ state }: { state: RecordState }) {
  const { checkpoint, sealed, verifierKey } = state;
  if (!checkpoint) {
    return (
      <p className="mb-4 flex items-center gap-2 text-muted text-sm">
        <ShieldCheck aria-hidden className="size-4 shrink-0 text-faint" />
        {sealed === 0 || state.behind
          ? 'Events are sealed within seconds, and signed for within a minute.'
          : 'Events are sealed; the first checkpoint is signed within a minute.'}
      </p>
    );
  }
  const behind = sealed - checkpoint.size;
  return (
    <section
      aria-label="Verification"
      className="mb-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-2 rounded-lg border border-line bg-surface px-3.5 py-2.5 text-sm"
    >
      <div className="flex min-w-0 flex-1 basis-64 items-start gap-2.5">
        {state.behind ? (
          <ShieldAlert
            aria-hidden
            className={`mt-0.5 size-4 shrink-0 ${checkpoint.ours ? 'text-warning' : 'text-danger'}`}
          />
        ) : (
          <ShieldCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-success" />
        )}
        <div className="min-w-0">
          {checkpoint.ours ? (
            <p>
              Verified up to{' '}
              <DateTime value={checkpoint.signedAt} format="absolute" timeZone="UTC" seconds /> UTC:{' '}
              {count(checkpoint.size)} {checkpoint.size === 1 ? 'event' : 'events'} signed for
              {behind > 0 && (
                <span className="text-muted">, {count(behind)} more with the next</span>
              )}
            </p>
          ) : (
            <p>
              Not verified: {count(sealed)} {sealed === 1 ? 'event' : 'events'} on record, under a
              checkpoint that is not ours
            </p>
          )}
          <p className="truncate text-faint text-xs">
            {checkpoint.root ? (
              <>
                Root <code>{checkpoint.root}</code>
              </>
            ) : (
              'What stands in its place is no checkpoint'
            )}
            {!checkpoint.publishedAt && ' · on its way to the place outside the database'}
          </p>
        </div>
      </div>
      <div className="flex items-center gap-2">
        {verifierKey && <CopyButton value={verifierKey} label="Copy the key that verifies it" />}
        <a href="/api/audit/checkpoint" download className={buttonStyles({ size: 'sm' })}>
          <FileCheck2 aria-hidden />
          Checkpoint
        </a>
      </div>
    </section>
  );
}
