import type { Metadata } from 'next';
import { ApprovalList } from '@/components/approvals/approval-list';
import { PageHeader, TabNav } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { approvalFilter, listApprovals } from '@/lib/two-persons';

export const metadata: Metadata = { title: 'Approvals' };

export default staffPage(
  { role: 'support', search: approvalFilter },
  async ({ staff, search: { show = 'waiting', cursor } }) => {
    const { items, nextCursor } = await listApprovals(staff, show, cursor);
    const address = (query: Record<string, string>) =>
      `/admin/approvals?${new URLSearchParams(query)}`;
    return (
      <>
        <PageHeader
          title="Approvals"
          description="What takes two persons: one asks, another decides with a fresh code."
        />
        <div className="mb-6">
          <TabNav
            label="Which approvals"
            items={[
              { label: 'Waiting', href: '/admin/approvals', current: show === 'waiting' },
              { label: 'All', href: address({ show: 'all' }), current: show === 'all' },
            ]}
          />
        </div>
        <ApprovalList
          rows={items}
          show={show}
          more={nextCursor ? address({ show, cursor: nextCursor }) : null}
        />
      </>
    );
  },
);
