'use client';
import { useState } from 'react';
import {
  ButtonLink,
  Card,
  CardBody,
  CardFooter,
  CardHeader,
  Field,
  Form,
  Input,
  RadioGroup,
  SubmitButton,
} from '@/components/ui';
import type {
  ConnectionChoice,
  FieldDescriptor,
  ParameterValues,
  TemplateView,
  TriggerView,
} from '@/lib/automations/contract';
import type { ActionResult } from '@/lib/errors/contract';
import { ConnectionField } from './connection-field';
import { ParameterField } from './parameter-field';
import { SchedulePicker } from './schedule-picker';

/** What the form sends; the server checks all of it. */
export interface AutomationFormInput {
  readonly name: string;
  readonly connectionId: string;
  readonly parameters: Record<string, unknown>;
  readonly trigger: TriggerView;
}

export interface AutomationFormProps<Subject> {
  template: TemplateView;
  connections: readonly ConnectionChoice[];
  /** As it stands, when one is edited. */
  current?: {
    readonly name: string;
    readonly connectionId: string;
    readonly parameters: ParameterValues;
    readonly trigger: TriggerView;
  };
  submitLabel: string;
  cancelHref: string;
  /** What it is about, sent along: the template's key, or the automation's id. */
  subject: Subject;
  action: (input: AutomationFormInput & Subject) => Promise<ActionResult<unknown>>;
  /** Told of another choice. */
  onConnection?: (chosen: ConnectionChoice | undefined) => void;
}

const text = (data: FormData, name: string) => String(data.get(name) ?? '');

function readForm(
  data: FormData,
  fields: Readonly<Record<string, FieldDescriptor>>,
): AutomationFormInput {
  const parameters = Object.entries(fields).map(([key, field]): [string, unknown] => {
    const name = `parameters.${key}`;
    return [key, field.kind === 'calendars' ? data.getAll(name) : text(data, name)];
  });
  const person = data.get('parameters.person');
  if (person !== null) parameters.push(['person', String(person)]);
  return {
    name: text(data, 'name'),
    connectionId: text(data, 'connectionId'),
    parameters: Object.fromEntries(parameters),
    trigger:
      data.get('trigger.type') === 'schedule'
        ? {
            type: 'schedule',
            cron: text(data, 'trigger.cron'),
            timeZone: text(data, 'trigger.timeZone'),
          }
        : { type: 'manual' },
  };
}

const triggers = [
  {
    value: 'manual',
    label: 'When somebody starts it',
    description: 'It waits until you press Run now.',
  },
  { value: 'schedule', label: 'On a schedule', description: 'It runs by itself at set times.' },
];

/** Makes or changes an automation. */
export function AutomationForm<Subject>(props: AutomationFormProps<Subject>) {
  const { template, connections, current, submitLabel, cancelHref, subject, action } = props;
  const usable = connections.find(({ fault }) => fault === null);
  const [connectionId, setConnection] = useState(
    current?.connectionId ?? usable?.id ?? connections[0]?.id ?? '',
  );
  function choose(id: string) {
    setConnection(id);
    props.onConnection?.(connections.find((one) => one.id === id));
  }
  const [trigger, setTrigger] = useState(current?.trigger.type ?? 'manual');
  const connection = connections.find(({ id }) => id === connectionId);
  const schedule = current?.trigger.type === 'schedule' ? current.trigger : null;
  return (
    <Form action={action} read={(data) => ({ ...readForm(data, template.fields), ...subject })}>
      <Card>
        <CardHeader title="What it does" />
        <CardBody className="flex flex-col gap-5">
          <Field label="Name" name="name" hint="How your organisation finds it again." required>
            <Input defaultValue={current?.name ?? template.title} maxLength={120} />
          </Field>
          <ConnectionField choices={connections} value={connectionId} onChange={choose} />
          {connection?.authority === 'application' && template.concernsPerson && (
            <Field
              label="Person"
              name="parameters.person"
              hint="The mail address of the person whose mail, calendar or files it works with."
              required
            >
              <Input
                type="email"
                defaultValue={String(current?.parameters.person ?? '')}
                placeholder="name@example.com"
              />
            </Field>
          )}
          {Object.entries(template.fields).map(([key, field]) => (
            <ParameterField
              key={key}
              name={`parameters.${key}`}
              field={field}
              value={current?.parameters[key]}
              connection={connection}
            />
          ))}
        </CardBody>
      </Card>
      <Card>
        <CardHeader title="When it runs" />
        <CardBody className="flex flex-col gap-4">
          <RadioGroup
            legend="Trigger"
            hideLegend
            name="trigger.type"
            columns={2}
            options={triggers}
            value={trigger}
            onValueChange={(value) => setTrigger(value as TriggerView['type'])}
          />
          {trigger === 'schedule' && (
            <SchedulePicker
              cron={schedule?.cron ?? template.suggestedCron}
              timeZone={schedule?.timeZone ?? ''}
            />
          )}
        </CardBody>
        <CardFooter>
          <ButtonLink href={cancelHref}>Cancel</ButtonLink>
          <SubmitButton>{submitLabel}</SubmitButton>
        </CardFooter>
      </Card>
    </Form>
  );
}
