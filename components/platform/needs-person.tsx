import Link from 'next/link';
import { Callout, DateTime } from '@/components/ui';
import type { TenantOverview } from '@/lib/platform/contract';

const broken = new Set(['needs_scopes', 'needs_reconsent', 'blocked_by_policy']);

/** What of a tenant waits for somebody. */
export function NeedsPerson({ overview }: { overview: TenantOverview }) {
  const { tenant, suspension, connections, invitations, onboarding } = overview;
  const waiting = connections.filter(({ state }) => broken.has(state)).length;
  const expired = invitations.find(({ byStaff, expired }) => byStaff && expired);
  const base = `/admin/tenants/${tenant.id}`;
  return (
    <div className="mb-6 flex flex-col gap-3 empty:hidden">
      {suspension && (
        <Callout tone="warning" title={`Suspended by ${suspension.by}`}>
          <p className="break-words">
            Reason: {suspension.reason} · <DateTime value={suspension.since} />
          </p>
          <p className="mt-2">Its people are told:</p>
          <p className="mt-0.5 whitespace-pre-wrap break-words border-l-2 pl-3">
            {suspension.notice}
          </p>
        </Callout>
      )}
      {waiting > 0 && (
        <Callout
          tone="danger"
          title={
            waiting === 1
              ? 'A connection waits for its people'
              : `${waiting} connections wait for their people`
          }
        >
          <Link href={`${base}/connections`} className="underline underline-offset-2">
            See them and ask to reconnect
          </Link>
        </Callout>
      )}
      {onboarding.joined === null && expired && (
        <Callout tone="warning" title={`The invitation of ${expired.email} has expired`}>
          <Link href={`${base}/people`} className="underline underline-offset-2">
            Send it again
          </Link>
        </Callout>
      )}
    </div>
  );
}
