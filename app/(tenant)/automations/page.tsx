import { Plus } from 'lucide-react';
import type { Metadata } from 'next';
import { AutomationList } from '@/components/automations/automation-list';
import { ButtonLink, PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { listAutomations } from '@/lib/automations';
import { can } from '@/lib/tenancy';

export const metadata: Metadata = { title: 'Automations' };

export default tenantPage({ permission: 'automations:read' }, async ({ context }) => {
  const first = await listAutomations(context);
  const mayManage = can(context.role, 'automations:manage');
  return (
    <>
      <PageHeader
        title="Automations"
        description="What runs for your organisation, by itself or when somebody starts it."
        actions={
          mayManage &&
          first.items.length > 0 && (
            <ButtonLink variant="primary" icon={<Plus />} href="/automations/new">
              New automation
            </ButtonLink>
          )
        }
      />
      <AutomationList first={first} mayManage={mayManage} />
    </>
  );
});
