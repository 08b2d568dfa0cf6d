import type { Metadata } from 'next';
import { z } from 'zod';
import { TenantHeader } from '@/components/platform/tenant-header';
import { TenantInvitations } from '@/components/platform/tenant-invitations';
import { TenantMembers } from '@/components/platform/tenant-members';
import { Section } from '@/components/platform/tenant-sections';
import { staffPage } from '@/lib/access';
import { idOf } from '@/lib/ids';
import { tenantPeople } from '@/lib/platform';
import { invite, withdraw } from '../../actions';

export const metadata: Metadata = { title: 'People of a tenant' };

const params = z.object({ tenantId: idOf('tenant') });

export default staffPage({ role: 'support', params }, async ({ staff, params: { tenantId } }) => {
  const { tenant, members, invitations, onboarding } = await tenantPeople(staff, tenantId);
  const may = staff.role === 'platform_admin' && onboarding.joined === null;
  return (
    <>
      <TenantHeader
        tenant={tenant}
        part="people"
        description="Who belongs to it. Its owners and admins change that, staff do not."
      />
      <TenantMembers tenantId={tenantId} first={members} />
      <Section title="Open invitations">
        <TenantInvitations
          tenantId={tenantId}
          invitations={invitations}
          acts={may ? { onInvite: invite, onWithdraw: withdraw } : null}
        />
      </Section>
    </>
  );
});
