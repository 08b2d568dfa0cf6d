import { Badge, type BadgeProps } from '@/components/ui';
import type { ApprovalRow } from '@/lib/approvals/contract';

const looks: Readonly<Record<ApprovalRow['state'], { label: string; tone: BadgeProps['tone'] }>> = {
  waiting: { label: 'Waiting', tone: 'warning' },
  approved: { label: 'Approved', tone: 'info' },
  carried_out: { label: 'Carried out', tone: 'success' },
  declined: { label: 'Declined', tone: 'neutral' },
  expired: { label: 'Expired', tone: 'neutral' },
};

/** How an approval stands. */
export function ApprovalStateBadge({ approval }: { approval: ApprovalRow }) {
  const failed = approval.state === 'approved' && approval.failure !== null;
  const { label, tone } = failed
    ? ({ label: 'Failed', tone: 'danger' } as const)
    : looks[approval.state];
  return <Badge tone={tone}>{label}</Badge>;
}
