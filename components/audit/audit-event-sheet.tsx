'use client';
import Link from 'next/link';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import type { ReactNode } from 'react';
import {
  ButtonLink,
  CopyButton,
  DateTime,
  JsonViewer,
  KeyValue,
  type KeyValueItem,
  Sheet,
  StatusBadge,
} from '@/components/ui';
import { type AuditEventDetail, auditActionLabel } from '@/lib/audit/contract';
import { ActorName, targetLabel } from './columns';

const link = 'rounded-sm text-accent underline-offset-4 hover:underline';

/** Everything that the same member did; other actors are no filter of the list. */
function ActorLink({ event }: { event: AuditEventDetail }) {
  if (event.actorType !== 'member' || !event.actorId) return <ActorName actor={event} />;
  return (
    <Link className={link} href={`/audit?actor=${event.actorId}`}>
      <ActorName actor={event} />
    </Link>
  );
}

/** Kinds of target that have a page of their own. */
const pages: Readonly<Record<string, string>> = {
  automation: '/automations',
  connection: '/connections',
  report: '/reports',
  run: '/runs',
};

function TargetLink({ event }: { event: AuditEventDetail }) {
  const words = `${targetLabel(event.targetType)} · ${event.targetName}`;
  const page = pages[event.targetType];
  if (!page) return words;
  return (
    <Link className={link} href={`${page}/${event.targetId}`}>
      {words}
    </Link>
  );
}

/** Facts of an event in the order in which one asks for them. */
function facts(event: AuditEventDetail): KeyValueItem[] {
  return [
    {
      label: 'Time (UTC)',
      value: <DateTime value={event.at} format="absolute" timeZone="UTC" seconds />,
    },
    { label: 'Who', value: <ActorLink event={event} /> },
    { label: 'On what', value: <TargetLink event={event} /> },
    { label: 'Target id', value: <code>{event.targetId}</code>, copy: event.targetId },
    { label: 'Outcome', value: <StatusBadge status={event.outcome} /> },
    {
      label: 'Request id',
      value: (
        <Link className={link} href={`/audit?request=${encodeURIComponent(event.requestId)}`}>
          <code>{event.requestId}</code>
        </Link>
      ),
      copy: event.requestId,
    },
    ...(event.runId
      ? [
          {
            label: 'Run id',
            value: (
              <Link className={link} href={`/runs/${event.runId}`}>
                <code>{event.runId}</code>
              </Link>
            ),
            copy: event.runId,
          },
        ]
      : []),
    ...(event.connectionId
      ? [
          {
            label: 'Connection id',
            value: (
              <Link className={link} href={`/connections/${event.connectionId}`}>
                <code>{event.connectionId}</code>
              </Link>
            ),
            copy: event.connectionId,
          },
        ]
      : []),
    ...(event.ipAddress ? [{ label: 'Address', value: event.ipAddress }] : []),
    ...(event.userAgent ? [{ label: 'Browser', value: event.userAgent }] : []),
    { label: 'Event id', value: <code>{event.id}</code>, copy: event.id },
  ];
}

/** One event of the record, beside the list; its address is the list's with the event's id. */
export function AuditEventSheet({ event, proof }: { event: AuditEventDetail; proof?: ReactNode }) {
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();

  function close() {
    const next = new URLSearchParams(search);
    next.delete('event');
    const query = next.toString();
    router.push(query ? `${pathname}?${query}` : pathname, { scroll: false });
  }

  return (
    <Sheet
      open
      onOpenChange={(open) => {
        if (!open) close();
      }}
      title={auditActionLabel(event.action)}
      description={<code className="text-xs">{event.action}</code>}
      actions={<CopyButton value={JSON.stringify(event, null, 2)} label="Copy event as JSON" />}
      footer={
        <>
          <ButtonLink href={`/audit?request=${encodeURIComponent(event.requestId)}`}>
            Same request
          </ButtonLink>
          {event.runId && <ButtonLink href={`/audit?run=${event.runId}`}>Same run</ButtonLink>}
          {event.runId && (
            <ButtonLink href={`/runs/${event.runId}`} variant="primary">
              Open run
            </ButtonLink>
          )}
        </>
      }
    >
      <div className="grid gap-5">
        {proof}
        <KeyValue items={facts(event)} />
        {Object.keys(event.details).length > 0 && (
          <JsonViewer label="Details" value={event.details} openLevels={3} />
        )}
      </div>
    </Sheet>
  );
}
