import { Download } from 'lucide-react';
import { buttonStyles, Callout, DateTime } from '@/components/ui';
import { checkpointNotOurs, type EventProof as Proof } from '@/lib/record/contract';

const count = (number: number) => number.toLocaleString('en');

/** What proves one event, beside its facts. */
export function EventProof({ eventId, proof }: { eventId: string; proof: Proof }) {
  switch (proof.state) {
    case 'pending':
      return (
        <Callout title="Not signed for yet" tone="neutral">
          {proof.sequence === null
            ? 'The event is sealed within seconds. '
            : `The event is sealed as number ${count(proof.sequence + 1)} of your record. `}
          The next checkpoint covers it, within a minute.
        </Callout>
      );
    case 'broken':
      return proof.problems.every((problem) => problem === checkpointNotOurs) ? (
        <Callout title="Nothing proves this event" tone="danger">
          It is as it was sealed here, but the last checkpoint does not bear our signature: somebody
          may have changed both. Please tell our support; keep the checkpoints that you have.
        </Callout>
      ) : (
        <Callout title="This event is not what was sealed" tone="danger">
          What differs: {proof.problems.join(', ')}. Please tell our support; keep the checkpoints
          that you have.
        </Callout>
      );
    case 'proven':
      return (
        <Callout
          title="Proven"
          tone="success"
          action={
            <a
              href={`/api/audit/proof/${eventId}`}
              download
              className={buttonStyles({ size: 'sm' })}
            >
              <Download aria-hidden />
              Proof
            </a>
          }
        >
          Number {count(proof.sequence + 1)} of the {count(proof.size)} events that were signed for
          on <DateTime value={proof.signedAt} format="absolute" timeZone="UTC" seconds /> UTC, and
          unchanged since. {proof.hashes} hashes lead from it to the root.
        </Callout>
      );
  }
}
