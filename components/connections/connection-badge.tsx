import { StatusBadge } from '@/components/ui';
import type { ConnectionState } from '@/lib/connections/contract';

/** The state of a connection; one that somebody was asked to allow waits for them. */
export function ConnectionBadge({
  state,
  handedOut,
}: {
  state: ConnectionState;
  /** Somebody was handed a link to connect it. */
  handedOut: boolean;
}) {
  return <StatusBadge status={handedOut && state === 'pending' ? 'awaiting_admin' : state} />;
}
