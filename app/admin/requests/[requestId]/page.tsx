import type { Metadata } from 'next';
import { RequestView } from '@/components/console/request-view';
import { KeyValue, PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { listTemplates } from '@/lib/automations';
import { openRequest, requestParams } from '@/lib/console';

export const metadata: Metadata = { title: 'Request' };

export default staffPage({ role: 'support', params: requestParams }, async ({ staff, params }) => {
  const request = await openRequest(staff, params.requestId);
  return (
    <>
      <PageHeader
        title="Request"
        description="All that is on record of one request, in whichever tenants: what was done, what it began, whom that called, and what was refused."
        breadcrumbs={[{ label: 'Audit', href: '/admin/audit' }]}
      />
      <KeyValue
        items={[
          {
            label: 'Request id',
            value: <code className="break-all">{request.requestId}</code>,
            copy: request.requestId,
          },
        ]}
      />
      <RequestView
        request={request}
        titles={Object.fromEntries(listTemplates().map(({ key, title }) => [key, title]))}
      />
    </>
  );
});
