import { KeyValue } from '@/components/ui';
import type { FieldDescriptor, ParameterValues } from '@/lib/automations/contract';

export interface ParameterListProps {
  fields: Readonly<Record<string, FieldDescriptor>>;
  values: ParameterValues;
  /** Names of calendars and channels by id. */
  names?: Readonly<Record<string, string>>;
}

function shown(field: FieldDescriptor, value: unknown, names: Readonly<Record<string, string>>) {
  if (Array.isArray(value)) {
    if (value.length > 0) return value.map((item) => names[String(item)] ?? item).join(', ');
    if (field.kind === 'calendars') return 'All that are shown';
    return field.kind === 'emails' ? 'Nobody' : 'The account’s own';
  }
  if (value === undefined) return null;
  if (field.kind === 'channel') return names[String(value)] ?? String(value);
  if (field.kind !== 'number') return String(value);
  return `${value} ${value === 1 ? field.unit.replace(/s$/, '') : field.unit}`;
}

/** What an automation, or one of its runs, was set up with. */
export function ParameterList({ fields, values, names = {} }: ParameterListProps) {
  return (
    <KeyValue
      items={[
        ...(typeof values.person === 'string' ? [{ label: 'Person', value: values.person }] : []),
        ...Object.entries(fields).map(([key, field]) => ({
          label: field.label,
          value: shown(field, values[key], names),
        })),
      ]}
    />
  );
}
