import { Callout } from '@/components/ui';
import { type ConsentOutcome, consentOutcomes } from '@/lib/connections/contract';

/** How a consent ended that has just led back here. */
export function ConsentNotice({ outcome }: { outcome: ConsentOutcome | undefined }) {
  if (outcome === undefined) return null;
  const { ok, message } = consentOutcomes[outcome];
  return (
    <Callout
      role={ok ? 'status' : 'alert'}
      tone={ok ? 'success' : 'warning'}
      title={message}
      className="mb-5"
    />
  );
}
