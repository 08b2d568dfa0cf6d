import type { Metadata } from 'next';
import { z } from 'zod';
import { NeedsPerson } from '@/components/platform/needs-person';
import { OnboardingCard } from '@/components/platform/onboarding-card';
import { ResumeDialog, SuspendDialog } from '@/components/platform/suspend-dialog';
import { TenantHeader } from '@/components/platform/tenant-header';
import { TenantLately } from '@/components/platform/tenant-sections';
import { ButtonLink, DateTime, KeyValue } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { idOf } from '@/lib/ids';
import { tenantOverview } from '@/lib/platform';
import { invite, resume, suspend } from '../actions';

export const metadata: Metadata = { title: 'Tenant' };

const params = z.object({ tenantId: idOf('tenant') });

export default staffPage({ role: 'support', params }, async ({ staff, params: { tenantId } }) => {
  const overview = await tenantOverview(staff, tenantId);
  const { tenant, connections, members, onboarding } = overview;
  return (
    <>
      <TenantHeader
        tenant={tenant}
        actions={
          <>
            {staff.role === 'platform_admin' && (
              <ButtonLink href={`/admin/looks?tenant=${tenant.id}`}>Staff’s looks</ButtonLink>
            )}
            <ButtonLink href={`/admin/queries?by=query&tenant=${tenant.id}`}>Queries</ButtonLink>
            {tenant.state === 'active' && <SuspendDialog tenant={tenant} onSuspend={suspend} />}
            {tenant.state === 'suspended' && <ResumeDialog tenant={tenant} onResume={resume} />}
          </>
        }
      />
      <NeedsPerson overview={overview} />
      <KeyValue
        columns={3}
        items={[
          { label: 'Tenant id', value: <code>{tenant.id}</code>, copy: tenant.id },
          { label: 'Created', value: <DateTime value={tenant.createdAt} format="absolute" /> },
          { label: 'Members', value: members },
          { label: 'Connections', value: connections.length },
        ]}
      />
      <OnboardingCard
        tenantId={tenantId}
        onboarding={onboarding}
        onInvite={staff.role === 'platform_admin' && onboarding.joined === null ? invite : null}
      />
      <TenantLately overview={overview} />
    </>
  );
});
