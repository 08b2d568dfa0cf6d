import type { Metadata } from 'next';
import { AddStaff } from '@/components/staff/add-staff';
import { StaffTable } from '@/components/staff/staff-table';
import { PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { listStaff } from '@/lib/two-persons';
import { askChange } from './actions';

export const metadata: Metadata = { title: 'Staff' };

export default staffPage({ role: 'platform_admin' }, async ({ staff }) => (
  <>
    <PageHeader
      title="Staff"
      description="Who may open this console. Each change takes the approval of another platform admin."
      actions={<AddStaff onAsk={askChange} />}
    />
    <StaffTable rows={await listStaff(staff)} onAsk={askChange} />
  </>
));
