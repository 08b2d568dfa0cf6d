'use client';
import { Download } from 'lucide-react';
import { useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { filterWords } from '@/components/exports/export-words';
import { Button, Dialog, DialogClose, Form, RadioGroup, SubmitButton } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import { type AskAuditInput, type AuditExportFormat, auditFormats } from '@/lib/exports/contract';

interface ExportDialogProps {
  /** Names of the people that the actor filter can hold. */
  people: Readonly<Record<string, string>>;
  onAsk: (input: AskAuditInput) => Promise<ActionResult<unknown>>;
}

/** Asks before exporting: exactly what is filtered, said in words. */
export function ExportDialog({ people, onAsk }: ExportDialogProps) {
  const search = useSearchParams();
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const { event: _opened, ...filter } = Object.fromEntries(search);
  const said = filterWords(filter, people);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={<Button icon={<Download />}>Export</Button>}
      title="Export the record"
      description={
        said.length > 0
          ? 'Exactly what these filters show:'
          : 'No filter is set: the whole record of your organisation.'
      }
    >
      <Form<{ format: AuditExportFormat }, unknown>
        action={({ format }) => onAsk({ format, filter })}
        onSuccess={() => {
          setOpen(false);
          toast.success('The export is being made.');
          router.push('/settings/exports');
        }}
      >
        {said.length > 0 && (
          <ul className="list-disc pl-5 text-sm">
            {said.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
        <RadioGroup
          legend="As"
          name="format"
          defaultValue="csv"
          options={Object.entries(auditFormats).map(([value, words]) => ({ value, ...words }))}
        />
        <p className="text-muted text-sm">
          It is made in the background and can be downloaded for a day. The export itself goes on
          record. Times are in UTC.
        </p>
        <div className="flex justify-end gap-2">
          <DialogClose>
            <Button>Cancel</Button>
          </DialogClose>
          <SubmitButton>Export</SubmitButton>
        </div>
      </Form>
    </Dialog>
  );
}
