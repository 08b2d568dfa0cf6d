'use client';
import Link from 'next/link';
import {
  DateTime,
  KeyValue,
  type KeyValueItem,
  Sheet,
  StatusBadge,
  useQueryState,
} from '@/components/ui';
import { nameOf, type ResourceDetail } from '@/lib/connections/contract';
import { providerNames, resourceKindNames } from '@/lib/providers/contract';
import { attributeItems } from './attributes';

function facts(resource: ResourceDetail): KeyValueItem[] {
  const { connectionId, parentName, parentProviderId } = resource;
  return [
    {
      label: 'State',
      value: <StatusBadge variant="text" status={resource.goneAt ? 'gone' : 'present'} />,
    },
    ...(resource.goneAt
      ? [{ label: 'Gone since', value: <DateTime value={resource.goneAt} /> }]
      : []),
    {
      label: 'Connection',
      value: (
        <Link
          href={`/connections/${connectionId}`}
          className="text-accent underline-offset-4 hover:underline"
        >
          {nameOf(resource)}
        </Link>
      ),
    },
    { label: 'Lies in', value: parentName ?? parentProviderId },
    { label: 'First found', value: <DateTime value={resource.firstSeenAt} /> },
    { label: 'Last change', value: <DateTime value={resource.updatedAt} /> },
    {
      label: 'Provider’s id',
      value: <code className="break-all text-xs">{resource.providerId}</code>,
      copy: resource.providerId,
    },
  ];
}

/** One resource, beside the list; its address is the list's with the resource's id. */
export function ResourceSheet({ resource }: { resource: ResourceDetail }) {
  const query = useQueryState();
  return (
    <Sheet
      open
      onOpenChange={(open) => {
        if (!open) query.set({ resource: '' });
      }}
      title={resource.name || 'Without a name'}
      description={resourceKindNames[resource.kind]}
    >
      <div className="grid gap-6">
        <KeyValue items={facts(resource)} />
        <section>
          <h3 className="mb-2 font-semibold text-sm">At {providerNames[resource.provider]}</h3>
          <KeyValue items={attributeItems(resource.attributes)} />
        </section>
      </div>
    </Sheet>
  );
}
