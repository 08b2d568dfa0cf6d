import type { Metadata } from 'next';
import { CreateTenant } from '@/components/platform/create-tenant';
import { PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { create } from '../actions';

export const metadata: Metadata = { title: 'New tenant' };

export default staffPage({ role: 'platform_admin' }, async () => (
  <>
    <PageHeader
      title="New tenant"
      description="Makes an organisation for a customer and invites its first owner, who does the rest."
      breadcrumbs={[{ label: 'Tenants', href: '/admin/tenants' }]}
    />
    <CreateTenant onCreate={create} />
  </>
));
