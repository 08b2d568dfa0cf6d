import type { Metadata } from 'next';
import { showStandIn } from '@/app/(site)/second-factor/actions';
import { ApprovalFacts } from '@/components/approvals/approval-facts';
import { CarryOutAgain, DecisionForm } from '@/components/approvals/decision-form';
import { TakeAcross } from '@/components/exports/take-across';
import { PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { ownStandInCode } from '@/lib/auth';
import { approvalInput, readApproval } from '@/lib/two-persons';
import { takeExportAcross } from '../../audit/actions';
import { decide, tryAgain } from '../actions';

export const metadata: Metadata = { title: 'Approval' };

export default staffPage(
  { role: 'support', params: approvalInput },
  async ({ staff, params: { approvalId } }) => {
    const approval = await readApproval(staff, approvalId);
    const first = await ownStandInCode();
    return (
      <>
        <PageHeader
          title="Approval"
          description="One person asks, another decides."
          breadcrumbs={[{ label: 'Approvals', href: '/admin/approvals' }]}
        />
        <div className="flex flex-col gap-6">
          <ApprovalFacts
            approval={approval}
            retry={<CarryOutAgain approvalId={approval.id} onCarryOut={tryAgain} />}
          />
          {approval.kind === 'export.across' &&
            approval.state === 'approved' &&
            approval.missing === null &&
            approval.yours === 'asked' && (
              <TakeAcross approvalId={approval.id} onTake={takeExportAcross} />
            )}
          {approval.state === 'waiting' && approval.yours === 'decide' && (
            <DecisionForm
              approvalId={approval.id}
              approvable={approval.missing === null}
              demo={first && { first, onShow: showStandIn }}
              onDecide={decide}
            />
          )}
        </div>
      </>
    );
  },
);
