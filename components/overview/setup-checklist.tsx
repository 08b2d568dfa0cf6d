import { ButtonLink, Card, CardHeader, Checklist, type ChecklistStep } from '@/components/ui';
import type { SetupProgress } from '@/lib/overview/contract';
import { can, type Permission, type WorkspaceRole } from '@/lib/tenancy/contract';

export interface SetupChecklistProps {
  setup: SetupProgress;
  role: WorkspaceRole;
}

interface Step extends Omit<ChecklistStep, 'action'> {
  readonly needs: Permission;
  readonly href: string;
  readonly label: string;
  /** Who does it, for those who may not. */
  readonly others: string;
}

function connectStep({ connection }: SetupProgress): Step {
  return {
    title: 'Connect Microsoft 365, Google or Slack',
    description: connection
      ? 'Consent has been asked for and not been given yet.'
      : 'You choose on the provider’s own page what Tenantry may do. Its tokens are sealed under your own key.',
    done: connection?.consented ?? false,
    needs: 'connections:manage',
    href: connection ? `/connections/${connection.id}` : '/connections',
    label: connection ? 'Go on' : 'Choose what to connect',
    others: 'An owner or admin does this.',
  };
}

const discoveryWords: Readonly<Record<SetupProgress['discovery'], string>> = {
  none: 'Mailboxes, drives and calendars are looked for as soon as something is connected.',
  running: 'Mailbox, drives and calendars are being looked through. You can go on meanwhile.',
  failed: 'The last discovery did not finish. The connection says why.',
  done: 'Mailboxes, drives and calendars have been found.',
};

function discoverStep({ connection, discovery }: SetupProgress): Step {
  return {
    title: 'Let it find what is there',
    description: discoveryWords[discovery],
    done: discovery === 'done',
    needs: 'connections:read',
    href: connection ? `/connections/${connection.id}` : '/connections',
    label: discovery === 'failed' ? 'See why' : 'Watch',
    others: '',
  };
}

function remainingSteps({ automationId, finishedRunId, settled }: SetupProgress): Step[] {
  return [
    {
      title: 'Make an automation',
      description: 'Choose a template, such as archiving newsletters, and fill in a few words.',
      done: automationId !== null,
      needs: 'automations:manage',
      href: '/automations/new',
      label: 'Choose a template',
      others: 'An owner, admin or member does this.',
    },
    {
      title: 'Run it',
      description: 'A dry run first shows what would change. Then let it do so.',
      done: finishedRunId !== null,
      needs: 'runs:start',
      href: automationId ? `/automations/${automationId}` : '/automations',
      label: 'Go to the automation',
      others: 'An owner, admin or member does this.',
    },
    {
      title: 'Read what it did',
      description: 'Every step, every call and every change it made is on the record.',
      done: settled,
      needs: 'runs:read',
      href: finishedRunId ? `/runs/${finishedRunId}` : '/runs',
      label: 'Look at the run',
      others: '',
    },
  ];
}

/** What to do first, in order; each step is done when the data says so. */
export function SetupChecklist({ setup, role }: SetupChecklistProps) {
  const steps = [connectStep(setup), discoverStep(setup), ...remainingSteps(setup)];
  const done = steps.filter((step) => step.done).length;
  return (
    <Card aria-labelledby="setup">
      <CardHeader
        id="setup"
        title={done === 0 ? 'Start here' : 'Go on here'}
        description={`${done} of ${steps.length} done`}
      />
      <Checklist
        label="First steps"
        steps={steps.map(({ needs, href, label, others, ...step }) => {
          const allowed = can(role, needs);
          return {
            ...step,
            description: allowed ? step.description : `${step.description} ${others}`.trim(),
            action: allowed && (
              <ButtonLink href={href} variant="primary">
                {label}
              </ButtonLink>
            ),
          };
        })}
      />
    </Card>
  );
}
