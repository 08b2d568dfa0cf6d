'use client';
import { Download } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { Button, buttonStyles, Dialog, DialogClose } from '@/components/ui';
import { auditActionLabel } from '@/lib/audit/contract';
import { auditFilters } from './filters';

interface ExportDialogProps {
  /** Names of the people that the actor filter can hold. */
  people: Readonly<Record<string, string>>;
}

/** Asks before exporting: exactly what is filtered, said in words. */
export function ExportDialog({ people }: ExportDialogProps) {
  const search = useSearchParams();
  const filters = new URLSearchParams(search);
  filters.delete('event');
  const said = [...filters].map(([name, value]) => {
    if (name === 'actor') return `Who: ${people[value] ?? value}`;
    const label = auditFilters.find((filter) => filter.param === name)?.label ?? name;
    return `${label}: ${name === 'action' ? auditActionLabel(value) : value}`;
  });
  return (
    <Dialog
      trigger={<Button icon={<Download />}>Export CSV</Button>}
      title="Export the record as CSV"
      description={
        said.length > 0
          ? 'Exactly what these filters show:'
          : 'No filter is set: the whole record of your organisation.'
      }
      footer={
        <>
          <DialogClose>
            <Button>Cancel</Button>
          </DialogClose>
          <DialogClose>
            <a
              href={`/api/audit/export?${filters}`}
              download
              className={buttonStyles({ variant: 'primary' })}
            >
              <Download aria-hidden />
              Download
            </a>
          </DialogClose>
        </>
      }
    >
      {said.length > 0 && (
        <ul className="list-disc pl-5 text-sm">
          {said.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <p className="mt-3 text-muted text-sm">The export itself goes on record. Times are in UTC.</p>
    </Dialog>
  );
}
