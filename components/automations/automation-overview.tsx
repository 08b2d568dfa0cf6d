import Link from 'next/link';
import type { ReactNode } from 'react';
import { Card, CardBody, CardHeader, DateTime, KeyValue } from '@/components/ui';
import type { AutomationView, Choice, TemplateView } from '@/lib/automations/contract';
import { NextTimes } from './next-times';
import { ParameterList } from './parameter-list';
import { TriggerWords } from './trigger-words';

export interface AutomationOverviewProps {
  automation: AutomationView;
  /** Null where this version does not know the template. */
  template: TemplateView | null;
  /** Calendars and channels that can be chosen, by which their ids are named. */
  choices: readonly Choice[];
  /** The switch; absent for those who may not move it. */
  controls?: ReactNode;
}

/** What an automation does, with what, and when. */
export function AutomationOverview(props: AutomationOverviewProps) {
  const { automation, template, choices, controls } = props;
  const { trigger, enabled } = automation;
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Card>
        <CardHeader title="What it does" />
        <CardBody className="flex flex-col gap-5">
          <KeyValue
            items={[
              { label: 'Template', value: automation.templateTitle },
              {
                label: 'Connection',
                value: (
                  <Link
                    href={`/connections/${automation.connection.id}`}
                    className="text-accent underline-offset-4 hover:underline"
                  >
                    {automation.connection.label}
                  </Link>
                ),
              },
              {
                label: 'Made',
                value: (
                  <span>
                    <DateTime value={automation.createdAt} />
                    {automation.createdBy && ` by ${automation.createdBy}`}
                  </span>
                ),
              },
            ]}
          />
          {template && (
            <ParameterList
              fields={template.fields}
              values={automation.parameters}
              names={Object.fromEntries(choices.map(({ id, name }) => [id, name]))}
            />
          )}
        </CardBody>
      </Card>
      <Card>
        <CardHeader title="When it runs" />
        <CardBody className="flex flex-col gap-4">
          <p className="text-sm">
            <TriggerWords trigger={trigger} />
          </p>
          {trigger.type === 'schedule' && enabled && (
            <NextTimes cron={trigger.cron} timeZone={trigger.timeZone} />
          )}
          {trigger.type === 'schedule' && (
            <p className="text-muted text-xs">
              A time is left out while the run before it is not done yet. After a standstill it runs
              once, not for every time missed.
            </p>
          )}
          {controls && <div className="border-t pt-4">{controls}</div>}
        </CardBody>
      </Card>
    </div>
  );
}
