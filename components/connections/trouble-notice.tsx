import Link from 'next/link';
import type { ReactNode } from 'react';
import { Callout, DateTime } from '@/components/ui';
import {
  type ConnectionView,
  isBroken,
  stateMeanings,
  type WaitingAutomation,
} from '@/lib/connections/contract';
import { usualCause } from './trouble-words';

export interface TroubleNoticeProps {
  connection: ConnectionView;
  /** Automations that are on and use it. */
  waiting: readonly WaitingAutomation[];
  /** What those can do about it who may. */
  action: ReactNode;
}

/** What is wrong with a connection, since when, and what waits for it. */
export function TroubleNotice({ connection, waiting, action }: TroubleNoticeProps) {
  const { provider, authority, state, stateReason, stateChangedAt } = connection;
  const cause = usualCause(provider, authority, state);
  if (state === 'active') return null;
  const broken = isBroken(state);
  return (
    <Callout
      tone={broken ? 'danger' : state === 'verifying' ? 'info' : 'warning'}
      title={stateReason ?? stateMeanings[state]}
      action={action}
      className="mb-5"
    >
      {cause && <p className="mb-1">{cause}</p>}
      Since <DateTime value={stateChangedAt} format="absolute" />.
      {(broken || state === 'disconnected') && <Waiting automations={waiting} />}
    </Callout>
  );
}

function Waiting({ automations }: { automations: readonly WaitingAutomation[] }) {
  if (automations.length === 0) return ' No automation uses it.';
  return (
    <>
      {' '}
      {automations.length === 1 ? 'One automation waits' : `${automations.length} automations wait`}{' '}
      since then, and {automations.length === 1 ? 'goes' : 'go'} on by{' '}
      {automations.length === 1 ? 'itself' : 'themselves'} once it is connected again:{' '}
      {automations.map(({ id, name }, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <Link href={`/automations/${id}`} className="font-medium underline underline-offset-4">
            {name}
          </Link>
        </span>
      ))}
      .
    </>
  );
}
