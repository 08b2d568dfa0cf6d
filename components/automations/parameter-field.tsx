'use client';
import { Checkbox, Combobox, Field, Input, Textarea, useTimeZone } from '@/components/ui';
import type { ConnectionChoice, FieldDescriptor } from '@/lib/automations/contract';
import { zoneOptions } from './zones';

export interface ParameterFieldProps {
  name: string;
  field: FieldDescriptor;
  /** What it is now; undefined in a new automation. */
  value: unknown;
  /** Where calendars and channels come from. */
  connection: ConnectionChoice | undefined;
}

/** One parameter of a template, asked for in its own way. */
export function ParameterField({ name, field, value, connection }: ParameterFieldProps) {
  if (field.kind === 'calendars') {
    return <Calendars name={name} field={field} value={value} connection={connection} />;
  }
  const optional = field.kind === 'domains' || field.kind === 'emails';
  return (
    <Field label={field.label} name={name} hint={field.hint} optional={optional}>
      <Control field={field} value={value} connection={connection} />
    </Field>
  );
}

type Single = Exclude<FieldDescriptor, { kind: 'calendars' }>;

interface ControlProps extends Pick<ParameterFieldProps, 'value' | 'connection'> {
  field: Single;
}

function Control({ field, value, connection }: ControlProps) {
  const zone = useTimeZone();
  const given = value ?? field.default;
  const text = Array.isArray(given) ? given.join(', ') : String(given);
  switch (field.kind) {
    case 'number':
      return (
        <span className="flex items-center gap-2">
          <Input inputMode="numeric" defaultValue={text} className="w-28" autoComplete="off" />
          <span className="text-muted text-sm">{field.unit}</span>
        </span>
      );
    case 'timeZone':
      return <Combobox key={text || zone} options={zoneOptions()} defaultValue={text || zone} />;
    case 'time':
      return <Input type="time" defaultValue={text} className="w-36" />;
    case 'email':
      return <Input type="email" defaultValue={text} placeholder="name@example.com" />;
    case 'domains':
      return <Input defaultValue={text} placeholder="example.com, example.org" />;
    case 'emails':
      return <Input defaultValue={text} placeholder="ada@example.com, bob@example.com" />;
    case 'channel':
      return (
        <Combobox
          key={connection?.id}
          options={(connection?.channels ?? []).map(({ id, name }) => ({
            value: id,
            label: name,
          }))}
          defaultValue={text}
          placeholder="Choose a channel"
        />
      );
    case 'paragraph':
      return <Textarea defaultValue={text} maxLength={field.maxLength} rows={4} />;
    case 'text':
      return <Input defaultValue={text} maxLength={field.maxLength} />;
  }
}

interface CalendarsProps extends Omit<ParameterFieldProps, 'field'> {
  field: Extract<FieldDescriptor, { kind: 'domains' | 'emails' | 'calendars' }>;
}

function Calendars({ name, field, value, connection }: CalendarsProps) {
  const chosen = Array.isArray(value) ? value : field.default;
  const calendars = connection?.calendars ?? [];
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 font-medium text-sm">{field.label}</legend>
      {calendars.length === 0 ? (
        <p className="text-muted text-sm">
          No calendars have been found through this connection yet. All that are shown will be used.
        </p>
      ) : (
        <div
          key={connection?.id}
          className="grid max-h-56 gap-2 overflow-y-auto rounded-lg border p-3 sm:grid-cols-2"
        >
          {calendars.map((calendar) => (
            <Checkbox
              key={calendar.id}
              name={name}
              value={calendar.id}
              label={calendar.name}
              defaultChecked={chosen.includes(calendar.id)}
            />
          ))}
        </div>
      )}
      {field.hint && <p className="mt-1.5 text-muted text-xs">{field.hint}</p>}
    </fieldset>
  );
}
