import type { ReactNode } from 'react';
import { Callout, DateTime } from '@/components/ui';
import { type ConnectionView, stateMeanings } from '@/lib/connections/contract';

export interface TroubleNoticeProps {
  connection: ConnectionView;
  /** What those can do about it who may. */
  action: ReactNode;
}

/** What is wrong with a connection, and since when. */
export function TroubleNotice({ connection, action }: TroubleNoticeProps) {
  const { state, stateReason, stateChangedAt } = connection;
  if (state === 'active' || state === 'verifying') return null;
  const gentle = state === 'pending' || state === 'disconnected' || state === 'degraded';
  return (
    <Callout
      tone={gentle ? 'warning' : 'danger'}
      title={stateReason ?? stateMeanings[state]}
      action={action}
      className="mb-5"
    >
      Since <DateTime value={stateChangedAt} />
      {!gentle && '. Automations that use it are waiting.'}
    </Callout>
  );
}
