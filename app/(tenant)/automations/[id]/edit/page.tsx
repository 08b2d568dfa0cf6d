import type { Metadata } from 'next';
import { AutomationSetup } from '@/components/automations/automation-setup';
import { PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import {
  automationParams,
  connectionChoices,
  readAutomation,
  requireTemplate,
} from '@/lib/automations';
import { notFound } from '@/lib/errors';
import { update } from '../../actions';

export const metadata: Metadata = { title: 'Edit automation' };

export default tenantPage(
  { permission: 'automations:manage', params: automationParams },
  async ({ context, params }) => {
    const automation = await readAutomation(context, params.id);
    if (automation.archivedAt !== null) throw notFound();
    const template = requireTemplate(automation.template);
    const view = template.view();
    const connections = await connectionChoices(context, template);
    return (
      <>
        <PageHeader
          breadcrumbs={[
            { label: 'Automations', href: '/automations' },
            { label: automation.name, href: `/automations/${automation.id}` },
          ]}
          title="Edit automation"
          description="A run that is under way keeps what it was started with."
        />
        <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(16rem,1fr)]">
          <AutomationSetup
            template={view}
            connections={connections}
            current={{ ...automation, connectionId: automation.connection.id }}
            submitLabel="Save changes"
            cancelHref={`/automations/${automation.id}`}
            subject={{ id: automation.id }}
            action={update}
          />
        </div>
      </>
    );
  },
);
