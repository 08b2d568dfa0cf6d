'use client';
import { Download } from 'lucide-react';
import { useTransition } from 'react';
import { toast } from 'sonner';
import { Button, Card, CardBody, DateTime, Progress, StatusBadge } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import { type ExportRow, exportTitle, isUnderWay } from '@/lib/exports/contract';
import { filterWords, sizeText } from './export-words';

interface ExportItemProps {
  row: ExportRow;
  onCancel: () => Promise<ActionResult<unknown>>;
}

function CancelButton({ onCancel }: Pick<ExportItemProps, 'onCancel'>) {
  const [pending, start] = useTransition();
  const cancel = () =>
    start(async () => {
      const result = await onCancel();
      if (!result.ok) toast.error(result.error.message);
    });
  return (
    <Button size="sm" loading={pending} onClick={cancel}>
      Cancel
    </Button>
  );
}

function Facts({ row }: { row: ExportRow }) {
  const scope = filterWords(row.filter);
  return (
    <p className="text-muted text-xs">
      Asked for by {row.askedName} <DateTime value={row.askedAt} />
      {row.kind === 'audit' && ` · ${scope.length > 0 ? scope.join(', ') : 'no filter'}`}
      {row.state === 'done' && row.bytes !== null && (
        <>
          {` · ${row.recordsDone.toLocaleString('en')} records, ${sizeText(row.bytes)}`}
          {row.downloads > 0 && ` · downloaded ${row.downloads}×`}
        </>
      )}
    </p>
  );
}

/** One export: what it is of, how far it is, and its link. */
export function ExportItem({ row, onCancel }: ExportItemProps) {
  const title = exportTitle(row);
  const { recordsDone, recordsTotal } = row;
  return (
    <li>
      <Card>
        <CardBody className="flex flex-col gap-3">
          <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
            <div className="min-w-0">
              <div className="flex flex-wrap items-center gap-2">
                <h3 className="font-medium text-sm">{title}</h3>
                <StatusBadge status={row.state} />
              </div>
              <Facts row={row} />
            </div>
            {isUnderWay(row) && <CancelButton onCancel={onCancel} />}
            {row.state === 'done' && (
              <Button asChild size="sm" variant="primary">
                <a href={`/api/exports/${row.id}/file`} download>
                  <Download aria-hidden />
                  Download
                </a>
              </Button>
            )}
          </div>
          {isUnderWay(row) && (
            <Progress
              label={`Export: ${title}`}
              caption={row.phase || 'Waiting for its turn'}
              detail={
                recordsTotal === null
                  ? undefined
                  : `${recordsDone.toLocaleString('en')} of ${recordsTotal.toLocaleString('en')}`
              }
              {...(recordsTotal === null ? {} : { value: recordsDone, max: recordsTotal })}
            />
          )}
          {row.state === 'done' && row.expiresAt && (
            <p className="text-muted text-xs">
              The link holds until <DateTime value={row.expiresAt} format="absolute" />; then the
              file is deleted. SHA-256 <code className="break-all">{row.digest}</code>
            </p>
          )}
          {row.error && <p className="text-danger text-xs">{row.error}</p>}
        </CardBody>
      </Card>
    </li>
  );
}
