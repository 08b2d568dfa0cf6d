'use client';
import type { ReactNode } from 'react';
import {
  ButtonLink,
  DateTime,
  JsonViewer,
  KeyValue,
  type KeyValueItem,
  Sheet,
} from '@/components/ui';
import { type DenialRow, denialReasonLabel } from '@/lib/denials/contract';
import { AskedFor, DeniedPerson } from './columns';

const time = (value: string) => <DateTime value={value} format="absolute" timeZone="UTC" seconds />;

/** An absent part is left out. */
const item = (label: string, value: ReactNode, copy?: string): KeyValueItem[] =>
  value === null ? [] : [{ label, value, ...(copy ? { copy } : {}) }];

function facts(denial: DenialRow): KeyValueItem[] {
  const { requestId, lastRequestId, times } = denial;
  const chosen = denial.details.requestIdBy === 'caller' ? ' (chosen by the caller)' : '';
  return [
    ...item('What', <AskedFor denial={denial} />),
    ...item('Who', <DeniedPerson denial={denial} />),
    ...item('Times', times),
    ...item('First (UTC)', time(denial.at)),
    ...(times > 1 ? item('Last (UTC)', time(denial.lastAt)) : []),
    ...item('Address', denial.ipAddress),
    ...item('Browser', denial.userAgent),
    ...item('Request id', <code>{`${requestId}${chosen}`}</code>, requestId),
    ...(lastRequestId ? item('Last request', <code>{lastRequestId}</code>, lastRequestId) : []),
  ];
}

export interface DenialSheetProps {
  denial: DenialRow;
  /** The list's own address, for the same request's or person's denials. */
  listHref: string;
  /** Where all that is on record of a request is shown. */
  requestHref: (requestId: string) => string;
  /** Where a person is shown; left out where there is no such page. */
  personHref?: (userId: string) => string;
  onClose: () => void;
}

/** One refusal with everything that is known of it, beside the list. */
export function DenialSheet(props: DenialSheetProps) {
  const { denial, listHref, requestHref, personHref, onClose } = props;
  return (
    <Sheet
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Refused access"
      description={denialReasonLabel(denial.reason)}
      footer={
        <>
          <ButtonLink
            href={`${listHref}?request=${encodeURIComponent(denial.requestId)}`}
            onClick={onClose}
          >
            Same request
          </ButtonLink>
          <ButtonLink href={requestHref(denial.requestId)}>All of the request</ButtonLink>
          {denial.userId && (
            <ButtonLink href={`${listHref}?actor=${denial.userId}`} onClick={onClose}>
              Same person
            </ButtonLink>
          )}
          {denial.userId && personHref && (
            <ButtonLink href={personHref(denial.userId)}>The person</ButtonLink>
          )}
        </>
      }
    >
      <div className="grid gap-5">
        <KeyValue items={facts(denial)} />
        {denial.overflow && (
          <p className="text-muted text-sm">
            So much was refused in this minute that what was asked for is no longer kept one by one.
            Who, why and how often are exact.
          </p>
        )}
        {Object.keys(denial.details).length > 0 && (
          <JsonViewer label="Details" value={denial.details} openLevels={3} />
        )}
      </div>
    </Sheet>
  );
}
