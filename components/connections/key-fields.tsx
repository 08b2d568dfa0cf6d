'use client';
import { useState } from 'react';
import { CopyButton, Field, Input } from '@/components/ui';
import { type KeySetUp, largestKeyFile } from '@/lib/connections/contract';

interface ChosenFile {
  readonly text: string;
  /** What the administrator enters at the provider; null when the file does not say. */
  readonly clientId: string | null;
}

/** Reads a key file in the browser. What is in it is never shown, but for the id of its account. */
export function useKeyFile() {
  const [file, setFile] = useState<ChosenFile | null>(null);
  const [fault, setFault] = useState<string | null>(null);

  async function choose(chosen: File | undefined) {
    if (!chosen) return;
    setFile(null);
    if (chosen.size > largestKeyFile) {
      return setFault('This file is too large for a key. Choose the .json file of the key.');
    }
    const text = await chosen.text();
    setFault(null);
    setFile({ text, clientId: clientIdIn(text) });
  }

  return { file, fault, choose };
}

function clientIdIn(text: string): string | null {
  try {
    const { client_id: id } = JSON.parse(text) as { client_id?: unknown };
    return typeof id === 'string' && /^\d{5,30}$/.test(id) ? id : null;
  } catch {
    return null;
  }
}

export interface KeyFieldsProps {
  setUp: KeySetUp;
  chosen: ReturnType<typeof useKeyFile>;
  /** The server's word on the file. */
  error?: string | undefined;
}

/** What to do at Google, and the file and the name that come of it. */
export function KeyFields({ setUp, chosen: { file, fault, choose } }: KeyFieldsProps) {
  return (
    <>
      <ol className="grid list-decimal gap-2.5 pl-5 text-sm marker:text-faint">
        <li>
          In Google Cloud, make a project with a service account. Switch on the Admin SDK, Gmail,
          Google Drive and Google Calendar APIs, and create a key of type JSON.
        </li>
        <li>
          <Field label="Key file" name="key" {...(fault ? { error: fault } : {})} required>
            <Input
              type="file"
              accept=".json,application/json"
              onChange={({ target }) => choose(target.files?.[0])}
              className="h-auto py-1.5 file:mr-3 file:rounded-md file:border-0 file:bg-hover file:px-2.5 file:py-1 file:font-medium file:text-sm file:text-text"
            />
          </Field>
        </li>
        <li>
          In the{' '}
          <a
            href={setUp.consoleUrl}
            target="_blank"
            rel="noreferrer"
            className="font-medium text-accent underline underline-offset-4"
          >
            Admin console
          </a>
          , under Security, API controls, Domain-wide delegation, add a client with these:
          <Pasted label="Client id" value={file?.clientId ?? null} />
          <Pasted label="Scopes" value={setUp.scopeList} />
        </li>
      </ol>
      <Field
        label="Administrator"
        name="administrator"
        hint="The super administrator’s address that it asks the directory as."
        required
      >
        <Input type="email" autoComplete="off" inputMode="email" />
      </Field>
    </>
  );
}

function Pasted({ label, value }: { label: string; value: string | null }) {
  return (
    <span className="mt-1.5 flex items-start gap-2 rounded-lg border bg-sunken/60 py-1.5 pr-1.5 pl-3">
      <span className="w-16 shrink-0 pt-0.5 text-muted text-xs">{label}</span>
      <code className="line-clamp-3 min-w-0 flex-1 break-all text-xs">
        {value ?? 'Shown once the key file is chosen.'}
      </code>
      {value && <CopyButton value={value} label={`Copy ${label.toLowerCase()}`} />}
    </span>
  );
}
