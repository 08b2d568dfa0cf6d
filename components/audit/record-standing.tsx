import { Callout, DateTime } from '@/components/ui';
import type { StaffRecordState } from '@/lib/record/contract';

const count = (number: number) => number.toLocaleString('en');

/** How a tenant's record is sealed and signed, for staff; loud only where a person is needed. */
export function RecordStandingLine({ standing }: { standing: StaffRecordState | null }) {
  if (!standing) return <p className="mb-4 text-muted text-sm">Nothing of it is sealed yet.</p>;
  const { sealed, signed, signedAt, ours, waiting, failures, failure } = standing;
  return (
    <div className="mb-4 grid gap-3">
      <p className="text-muted text-sm">
        {count(sealed)} {sealed === 1 ? 'event' : 'events'} sealed
        {ours && `, ${count(signed)} signed for`}
        {signedAt && (
          <>
            {' '}
            · last checkpoint <DateTime value={signedAt} />
          </>
        )}
      </p>
      {!ours && (
        <Callout tone="danger" title="The last checkpoint is gone, or does not bear our signature">
          Its people see it on their own page. Somebody changed the record in the database or its
          checkpoints, or the signing key was exchanged without the one before
          (AUDIT_SIGNING_KEY_PREVIOUS). Leave the database as it is, and have an operator run{' '}
          <code>npm run tenantry -- audit verify --database</code>.
        </Callout>
      )}
      {waiting > 0 && (
        <Callout tone="warning" title={`${count(waiting)} events wait to be sealed`}>
          They are tried again by themselves. A key of the organisation that does not open is the
          usual reason.
        </Callout>
      )}
      {failure && (
        <Callout tone="danger" title="The last checkpoint did not get through">
          {failure} Tried {count(failures)} {failures === 1 ? 'time' : 'times'}.
        </Callout>
      )}
    </div>
  );
}
