import type { Metadata } from 'next';
import { z } from 'zod';
import { LimitsForm } from '@/components/platform/limits-form';
import { LimitsTable } from '@/components/platform/limits-table';
import { TenantHeader } from '@/components/platform/tenant-header';
import { staffPage } from '@/lib/access';
import { idOf } from '@/lib/ids';
import { retentionNoticeDays } from '@/lib/limits';
import { readTenantLimits, tenantHead } from '@/lib/platform';
import { changeLimits } from '../../actions';

export const metadata: Metadata = { title: 'Limits of a tenant' };

const params = z.object({ tenantId: idOf('tenant') });

export default staffPage({ role: 'support', params }, async ({ staff, params: { tenantId } }) => {
  const tenant = await tenantHead(staff, tenantId);
  const limits = await readTenantLimits(staff, tenantId);
  return (
    <>
      <TenantHeader
        tenant={tenant}
        part="limits"
        description={`What it may have. A change is in force at once, and on the tenant’s own record. Only keeping things for less time begins ${retentionNoticeDays} days later: its owners are told by mail at once.`}
      />
      {staff.role === 'platform_admin' ? (
        <LimitsForm tenantId={tenantId} limits={limits} onChange={changeLimits} />
      ) : (
        <LimitsTable limits={limits} />
      )}
    </>
  );
});
