'use client';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { Callout } from '@/components/ui';
import { type ConsentOutcome, consentOutcomes } from '@/lib/connections/contract';

export interface ConsentNoticeProps {
  outcome: ConsentOutcome | undefined;
  /** It does not work (any more): that it once went well is no news then. */
  broken?: boolean;
  /** What can be done about a consent that failed. */
  action?: ReactNode;
  /** In place of the notice, once there is nothing to tell or when it went well. */
  children?: ReactNode;
}

/**
 * How a consent ended that has just led back here. The address forgets it at once, so that a reload
 * or a shared link does not tell it again.
 */
export function ConsentNotice({ outcome, broken = false, action, children }: ConsentNoticeProps) {
  const pathname = usePathname();
  const [told] = useState(outcome);
  useEffect(() => {
    // No navigation: it would drop what somebody quick has pressed meanwhile.
    if (outcome) window.history.replaceState(null, '', pathname);
  }, [outcome, pathname]);
  if (told === undefined) return children;
  const { ok, message } = consentOutcomes[told];
  if (ok && broken) return children;
  return (
    <>
      <Callout
        role={ok ? 'status' : 'alert'}
        tone={ok ? 'success' : 'warning'}
        title={message}
        action={!ok && action}
        className="mb-5"
      />
      {ok && children}
    </>
  );
}
