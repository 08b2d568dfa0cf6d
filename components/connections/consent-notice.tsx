'use client';
import { usePathname } from 'next/navigation';
import { useEffect } from 'react';
import { Callout } from '@/components/ui';
import { type ConsentOutcome, consentOutcomes } from '@/lib/connections/contract';

/** How a consent ended that has just led back here. Told once: a reload does not tell it again. */
export function ConsentNotice({ outcome }: { outcome: ConsentOutcome | undefined }) {
  const pathname = usePathname();
  useEffect(() => {
    if (outcome) window.history.replaceState(null, '', pathname);
  }, [outcome, pathname]);
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
