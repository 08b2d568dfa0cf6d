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
  const { askedBy, decidedBy, decidedAt, tenantId } = approval;
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
                    {askedBy.name}, <DateTime value={approval.askedAt} />
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
      {approval.state === 'approved' && approval.failure && (
        <Callout tone="danger" title="It could not be carried out" action={retry}>
          {approval.failure}
        </Callout>
      )}
      {approval.state === 'waiting' && approval.yours === 'asked' && (
        <Callout title="Somebody else decides on this">
          You asked for it. The others were written to; it waits until the time above.
        </Callout>
      )}
    </div>
  );
}
