import type { Metadata } from 'next';
import { TemplateGallery } from '@/components/automations/template-gallery';
import { PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { listTemplates } from '@/lib/automations';
import { can } from '@/lib/tenancy';

export const metadata: Metadata = { title: 'New automation' };

export default tenantPage({ permission: 'automations:read' }, async ({ context }) => (
  <>
    <PageHeader
      breadcrumbs={[{ label: 'Automations', href: '/automations' }]}
      title="New automation"
      description="Choose what should be done for you. Nothing runs before you say so."
    />
    <TemplateGallery
      templates={listTemplates()}
      mayManage={can(context.role, 'automations:manage')}
    />
  </>
));
