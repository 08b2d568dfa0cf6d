import type { Metadata } from 'next';
import { z } from 'zod';
import { AutomationSetup } from '@/components/automations/automation-setup';
import { TemplateAside } from '@/components/automations/template-aside';
import { ButtonLink, EmptyState, PageHeader, providerName } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { connectionChoices, requireTemplate } from '@/lib/automations';
import { can } from '@/lib/tenancy';
import { create } from '../../actions';

export const metadata: Metadata = { title: 'New automation' };

export default tenantPage(
  { permission: 'automations:manage', params: z.object({ template: z.string().max(100) }) },
  async ({ context, params }) => {
    const template = requireTemplate(params.template);
    const connections = await connectionChoices(context, template);
    const view = template.view();
    const providers = view.providers.map(providerName).join(' or ');
    return (
      <>
        <PageHeader
          breadcrumbs={[
            { label: 'Automations', href: '/automations' },
            { label: 'New', href: '/automations/new' },
          ]}
          title={view.title}
          description={view.description}
        />
        <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(16rem,1fr)]">
          {connections.length === 0 ? (
            <>
              <EmptyState
                title={`Connect ${providers} first`}
                description={
                  can(context.role, 'connections:manage')
                    ? 'It works in an account of yours. Connecting takes a minute; then come back here.'
                    : 'It works in a connected account. Ask an owner or admin of your organisation to connect one.'
                }
                action={
                  <ButtonLink variant="primary" href="/connections">
                    Go to the connections
                  </ButtonLink>
                }
              />
              <TemplateAside template={view} />
            </>
          ) : (
            <AutomationSetup
              template={view}
              connections={connections}
              submitLabel="Create automation"
              cancelHref="/automations/new"
              subject={{ template: view.key }}
              action={create}
            />
          )}
        </div>
      </>
    );
  },
);
