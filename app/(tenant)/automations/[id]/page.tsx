import { Pencil } from 'lucide-react';
import type { Metadata } from 'next';
import { ArchiveButton } from '@/components/automations/archive-button';
import { AutomationOverview } from '@/components/automations/automation-overview';
import { EnableSwitch } from '@/components/automations/enable-switch';
import { RunButtons } from '@/components/automations/run-buttons';
import { RunList } from '@/components/runs/run-list';
import { ButtonLink, Callout, PageHeader, StatusBadge } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import {
  type AutomationView,
  automationParams,
  type ConnectionChoice,
  connectionChoices,
  findTemplate,
  listRuns,
  readAutomation,
} from '@/lib/automations';
import { stateMeanings, wantsReconnect } from '@/lib/connections/contract';
import { can } from '@/lib/tenancy';
import { archive, enable, start } from '../actions';

export const metadata: Metadata = { title: 'Automation' };

/** What is wrong with its connection, be it for this template or at all. */
function faultOf(
  { id, state }: AutomationView['connection'],
  choices: readonly ConnectionChoice[],
): string | null {
  const choice = choices.find((one) => one.id === id);
  if (choice) return choice.fault;
  return wantsReconnect(state) ? stateMeanings[state] : null;
}

export default tenantPage(
  { permission: 'automations:read', params: automationParams },
  async ({ context, params }) => {
    const filter = { automation: params.id };
    const [automation, runs] = await Promise.all([
      readAutomation(context, params.id),
      listRuns(context, filter, undefined, 10),
    ]);
    const template = findTemplate(automation.template);
    const choices = template ? await connectionChoices(context, template) : [];
    const present = automation.archivedAt === null;
    const mayManage = present && can(context.role, 'automations:manage');
    const maySwitch = present && can(context.role, 'automations:switch');
    const fault = faultOf(automation.connection, choices);
    return (
      <>
        <PageHeader
          breadcrumbs={[{ label: 'Automations', href: '/automations' }]}
          title={automation.name}
          description={template?.view().description}
          badge={
            <StatusBadge
              status={!present ? 'archived' : automation.enabled ? 'enabled' : 'disabled'}
            />
          }
          actions={
            mayManage && (
              <>
                <ArchiveButton id={automation.id} name={automation.name} archive={archive} />
                {template && (
                  <ButtonLink icon={<Pencil />} href={`/automations/${automation.id}/edit`}>
                    Edit
                  </ButtonLink>
                )}
                <RunButtons
                  automationId={automation.id}
                  start={start}
                  disabled={!automation.enabled || !template}
                />
              </>
            )
          }
        />
        {!template && (
          <Callout
            tone="warning"
            title="This version does not have its template any more"
            className="mb-4"
          >
            Its past runs are still here. Make a new automation from another template.
          </Callout>
        )}
        {fault && present && (
          <Callout
            tone="warning"
            title="Its connection needs attention"
            className="mb-4"
            action={
              <ButtonLink size="sm" href={`/connections/${automation.connection.id}`}>
                Open the connection
              </ButtonLink>
            }
          >
            {fault}
          </Callout>
        )}
        <AutomationOverview
          automation={automation}
          template={template?.view() ?? null}
          choices={choices.flatMap(({ calendars, channels }) => [...calendars, ...channels])}
          controls={
            maySwitch && (
              <EnableSwitch id={automation.id} enabled={automation.enabled} enable={enable} />
            )
          }
        />
        <section className="mt-6" aria-labelledby="last-runs">
          <div className="mb-3 flex items-center justify-between gap-4">
            <h2 id="last-runs" className="font-semibold text-base">
              Last runs
            </h2>
            <ButtonLink variant="link" href={`/runs?automation=${automation.id}`}>
              All its runs
            </ButtonLink>
          </div>
          <RunList filter={filter} first={{ ...runs, nextCursor: null }} compact />
        </section>
      </>
    );
  },
);
