'use client';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import {
  Badge,
  Callout,
  CopyButton,
  KeyValue,
  type KeyValueItem,
  Nothing,
  Sheet,
} from '@/components/ui';
import type { QueryDetail, QueryFilter, TenantQueryRow } from '@/lib/queries/contract';
import { queriesHref } from './address';
import { countText, timeText } from './columns';

function facts(query: QueryDetail): KeyValueItem[] {
  return [
    { label: 'Fingerprint', value: <code>{query.fingerprint}</code>, copy: query.fingerprint },
    { label: 'Role', value: query.role },
    {
      label: 'Tables',
      value:
        query.tables.length === 0 ? (
          <Nothing />
        ) : (
          <span className="flex flex-wrap gap-1">
            {query.tables.map((table) => (
              <Badge key={table}>{table}</Badge>
            ))}
          </span>
        ),
    },
    { label: 'Calls', value: countText(query.count) },
    { label: 'Of them failed', value: countText(query.failed) },
    { label: 'Rows', value: countText(query.rows) },
    { label: 'In all', value: timeText(query.totalMs) },
    { label: 'Slowest', value: timeText(query.maxMs) },
    { label: '95 of 100 within', value: timeText(query.p95Ms) },
    { label: 'Waited', value: timeText(query.waitedMs) },
    { label: 'Tenants', value: countText(query.tenants) },
  ];
}

function TenantLine({ row }: { row: TenantQueryRow }) {
  const { tenantId, tenantName } = row;
  return (
    <li className="flex items-baseline justify-between gap-4 py-1.5 text-sm">
      {tenantId ? (
        <Link href={`/admin/tenants/${tenantId}`} className="min-w-0 truncate hover:underline">
          {tenantName ?? tenantId}
        </Link>
      ) : (
        <span className="text-muted">For no one tenant</span>
      )}
      <span data-numeric className="shrink-0 text-muted">
        {countText(row.count)} × · {timeText(row.totalMs)} · slowest {timeText(row.maxMs)}
      </span>
    </li>
  );
}

/** One query: its text without anybody's values, what it took, and whom it takes longest for. */
export function QuerySheet({ filter, query }: { filter: QueryFilter; query: QueryDetail }) {
  const router = useRouter();
  return (
    <Sheet
      open
      size="lg"
      onOpenChange={(open) => {
        if (!open) router.push(queriesHref(filter), { scroll: false });
      }}
      title={query.text === '' ? 'Everything else' : 'Query'}
      description={
        query.text === ''
          ? 'What took too little to be written down by itself, summed up.'
          : 'Without values: parameters are numbered, and literals are a question mark.'
      }
      actions={query.text !== '' && <CopyButton value={query.text} label="Copy the query" />}
    >
      <div className="grid gap-5">
        {query.unbound.length > 0 && (
          <Callout tone="info" title="It does not say whose rows it means">
            It names {query.unbound.join(', ')} without a tenant. Where that is not meant to be, the
            log has a line of it.
          </Callout>
        )}
        {query.text !== '' && (
          <pre className="whitespace-pre-wrap rounded-lg border bg-sunken p-3 text-xs leading-5 wrap-anywhere">
            {query.text}
          </pre>
        )}
        <KeyValue items={facts(query)} />
        <section>
          <h2 className="mb-1 font-semibold text-sm">Whom it takes longest for</h2>
          <ul className="divide-y">
            {query.slowest.map((row) => (
              <TenantLine key={row.tenantId ?? 'none'} row={row} />
            ))}
          </ul>
        </section>
      </div>
    </Sheet>
  );
}
