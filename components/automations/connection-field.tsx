'use client';
import Link from 'next/link';
import { Callout, Field, Select } from '@/components/ui';
import type { ConnectionChoice } from '@/lib/automations/contract';
import { providerNames } from '@/lib/providers/contract';

export interface ConnectionFieldProps {
  choices: readonly ConnectionChoice[];
  value: string;
  onChange: (id: string) => void;
}

/** Which account it works in. What can't be used says why, and where to put it right. */
export function ConnectionField({ choices, value, onChange }: ConnectionFieldProps) {
  const chosen = choices.find(({ id }) => id === value);
  return (
    <div className="flex flex-col gap-2">
      <Field label="Connection" name="connectionId" hint="The account that it works in." required>
        <Select
          placeholder="Choose a connection"
          value={value}
          onChange={({ target }) => onChange(target.value)}
          options={choices.map(({ id, provider, label, fault, missing }) => ({
            value: id,
            label: `${label} · ${providerNames[provider]}${standing(fault, missing)}`,
          }))}
        />
      </Field>
      {chosen?.fault && (
        <Callout
          tone="warning"
          title="This connection can’t be used for it yet"
          action={
            <Link
              href={placeOf(chosen)}
              className="font-medium text-sm underline underline-offset-4"
            >
              {chosen.missing.length > 0 ? 'Allow it' : 'Open the connection'}
            </Link>
          }
        >
          {chosen.fault}
        </Callout>
      )}
    </div>
  );
}

/** What a choice still takes. */
function standing(fault: string | null, missing: readonly string[]): string {
  if (fault === null) return '';
  return missing.length > 0 ? ' (one permission more)' : ' (needs attention)';
}

/** The connection's page; with what is missing, it offers to allow exactly that. */
function placeOf({ id, missing }: ConnectionChoice): string {
  const page = `/connections/${id}`;
  return missing.length > 0 ? `${page}?allow=${encodeURIComponent(missing.join(','))}` : page;
}
