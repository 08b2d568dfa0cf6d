import { StatusBadge } from '@/components/ui';
import type { ConnectionView } from '@/lib/connections/contract';

/** The state of a connection; one that somebody was asked to allow waits for them. */
export function ConnectionBadge({
  connection: { state, awaiting },
}: {
  connection: Pick<ConnectionView, 'state' | 'awaiting'>;
}) {
  const waits = awaiting !== null && state === 'pending';
  return <StatusBadge status={waits ? 'awaiting_admin' : state} />;
}
