'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import {
  Card,
  CardBody,
  DateTime,
  EmptyState,
  Field,
  Form,
  SubmitButton,
  Textarea,
} from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { TenantNote } from '@/lib/platform/contract';

interface Wish {
  tenantId: string;
  body: string;
}

interface TenantNotesProps {
  tenantId: string;
  notes: readonly TenantNote[];
  onNote: (wish: Wish) => Promise<ActionResult<void>>;
}

/** What staff tell one another of a tenant. */
export function TenantNotes({ tenantId, notes, onNote }: TenantNotesProps) {
  const router = useRouter();
  const [written, setWritten] = useState(0);
  return (
    <>
      <Card>
        <CardBody>
          <Form<Wish, void>
            key={written}
            action={onNote}
            read={(data) => ({ tenantId, body: String(data.get('body') ?? '') })}
            onSuccess={() => {
              setWritten(written + 1);
              router.refresh();
            }}
          >
            <Field
              label="New note"
              name="body"
              hint="For staff only, for good: nobody can change or remove it, and the tenant never sees it."
              required
            >
              <Textarea rows={3} maxLength={4_000} />
            </Field>
            <SubmitButton className="self-start">Add note</SubmitButton>
          </Form>
        </CardBody>
      </Card>
      {notes.length === 0 ? (
        <EmptyState title="No notes yet" />
      ) : (
        <ol aria-label="Notes" className="mt-6 flex flex-col gap-4">
          {notes.map((note) => (
            <li key={note.id} className="rounded-xl border bg-surface px-4 py-3.5">
              <p className="text-muted text-sm">
                {note.author} · <DateTime value={note.at} />
              </p>
              <p className="mt-1 whitespace-pre-wrap break-words">{note.body}</p>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
