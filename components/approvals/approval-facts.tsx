import Link from 'next/link';
import type { ReactNode } from 'react';
import { Callout, Card, CardBody, DateTime, KeyValue } from '@/components/ui';
import { type ApprovalRow, approvalTitles } from '@/lib/approvals/contract';
import { ApprovalStateBadge } from './state-badge';

export interface ApprovalFactsProps {
  approval: ApprovalRow;
  /** Tries again what failed. */
  retry: ReactNode;
}

/** What was asked for, by whom and why, and what has become of it. */
export function ApprovalFacts({ approval, retry }: ApprovalFactsProps) {
  const { askedBy, decidedBy, decidedAt, missing, tenantId } = approval;
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      <Card aria-label="What is asked for">
        <CardBody>
          <p className="mb-4 text-base">{approval.words}</p>
          <KeyValue
            items={[
              { label: 'State', value: <ApprovalStateBadge approval={approval} /> },
              { label: 'Kind', value: approvalTitles[approval.kind] },
              { label: 'Why', value: approval.reason },
              {
                label: 'Asked by',
                value: (
                  <>
                    {askedBy.name}
                    {missing === 'asker' && ' (no longer staff)'},{' '}
                    <DateTime value={approval.askedAt} />
                  </>
                ),
              },
              {
                label: 'Until',
                value: <DateTime value={approval.expiresAt} format="absolute" />,
              },
              ...(tenantId
                ? [
                    {
                      label: 'Tenant',
                      value: (
                        <Link
                          href={`/admin/tenants/${tenantId}`}
                          className="text-accent hover:underline"
                        >
                          Its page
                        </Link>
                      ),
                    },
                  ]
                : []),
              ...(decidedBy && decidedAt
                ? [
                    {
                      label: approval.state === 'declined' ? 'Declined by' : 'Approved by',
                      value: (
                        <>
                          {decidedBy.name}, <DateTime value={decidedAt} />
                        </>
                      ),
                    },
                    { label: 'Note', value: approval.note },
                  ]
                : []),
            ]}
          />
        </CardBody>
      </Card>
      {approval.outcome && (
        <Callout tone="success" title="Carried out">
          {approval.outcome}
        </Callout>
      )}
      {approval.state === 'approved' && approval.failure && missing === null && (
        <Callout tone="danger" title="It could not be carried out" action={retry}>
          {approval.failure}
        </Callout>
      )}
      <MissingNote approval={approval} />
      {approval.state === 'waiting' && approval.yours === 'asked' && (
        <Callout title="Somebody else decides on this">
          You asked for it. The others were written to; it waits until the time above.
        </Callout>
      )}
    </div>
  );
}

/** Why the deed would be that of one person alone, and what to do instead. */
function MissingNote({ approval }: { approval: ApprovalRow }) {
  const { askedBy, decidedBy, missing, state, yours } = approval;
  if (missing === 'approver') {
    return (
      <Callout tone="warning" title="It cannot be carried out any more">
        {decidedBy?.name} approved it, and could not approve it today: whoever is not staff any
        more, or has another role by now, does not count. Have it asked for and approved again.
      </Callout>
    );
  }
  if (missing !== 'asker') return null;
  return state === 'waiting' ? (
    <Callout tone="warning" title={`${askedBy.name} is no longer staff`}>
      Approved now, it would be the deed of one person alone. So it can only be declined
      {yours !== 'decide' && ', by somebody who may decide on it'}; whoever still wants it asks for
      it again.
    </Callout>
  ) : (
    <Callout tone="warning" title="It cannot be carried out any more">
      {askedBy.name} asked for it and is no longer staff: it would be the deed of one person alone.
      Whoever still wants it asks for it again.
    </Callout>
  );
}
