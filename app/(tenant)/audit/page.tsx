import type { Metadata } from 'next';
import { AuditEventSheet } from '@/components/audit/audit-event-sheet';
import { AuditList } from '@/components/audit/audit-list';
import { EventProof } from '@/components/audit/event-proof';
import { ExportDialog } from '@/components/audit/export-dialog';
import { auditFilters } from '@/components/audit/filters';
import { RecordStateLine } from '@/components/audit/record-state';
import { RequestTrace } from '@/components/audit/request-trace';
import { ButtonLink, FilterBar, PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { auditEvent, auditFilter, auditPeople, browseAudit } from '@/lib/audit';
import { env } from '@/lib/env';
import { idOf } from '@/lib/ids';
import { proveEvent, recordState } from '@/lib/record';
import { can } from '@/lib/tenancy';
import { traceRequest } from '@/lib/trace';
import { askForAudit } from '../settings/exports/actions';

export const metadata: Metadata = { title: 'Audit' };

export default tenantPage(
  { permission: 'audit:read', search: auditFilter.extend({ event: idOf('event').optional() }) },
  async ({ context, search: { event, ...filter } }) => {
    const [first, people, opened, trace, state, proof] = await Promise.all([
      browseAudit(context, filter),
      auditPeople(context),
      event ? auditEvent(context, event) : undefined,
      filter.request ? traceRequest(context, filter.request) : undefined,
      recordState(context),
      event ? proveEvent(context, event) : undefined,
    ]);
    return (
      <>
        <PageHeader
          title="Audit"
          description="What people and automations did in your organisation: who, what, on what, and how it went."
          actions={
            <>
              {can(context.role, 'streams:manage') && (
                <ButtonLink href="/settings/streams">Streams</ButtonLink>
              )}
              <ExportDialog
                people={Object.fromEntries(people.map((p) => [p.id, p.name]))}
                onAsk={askForAudit}
              />
            </>
          }
        />
        <RecordStateLine state={state} support={env.SUPPORT_EMAIL ?? null} />
        <FilterBar
          filters={[
            {
              param: 'actor',
              label: 'Who',
              options: people.map((person) => ({ value: person.id, label: person.name })),
            },
            ...auditFilters,
          ]}
        />
        {trace && <RequestTrace trace={trace} />}
        <AuditList filter={filter} first={first} />
        {opened && (
          <AuditEventSheet
            event={opened}
            proof={proof && <EventProof eventId={opened.id} proof={proof} />}
          />
        )}
      </>
    );
  },
);
