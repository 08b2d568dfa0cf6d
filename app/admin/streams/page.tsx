import type { Metadata } from 'next';
import { PlatformStreamList } from '@/components/streams/platform-stream-list';
import { FilterBar, PageHeader, statusLook } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { listPlatformStreams, platformStreamFilter } from '@/lib/streams';
import { platformStreamStates, streamKindWords } from '@/lib/streams/contract';

export const metadata: Metadata = { title: 'Streams across tenants' };

export default staffPage(
  { role: 'support', search: platformStreamFilter },
  async ({ staff, search }) => (
    <>
      <PageHeader
        title="Streams across tenants"
        description="Where audit events are sent as they happen, and how that goes. What a stream is called and where it leads stays with its tenant; nothing that waits is lost."
      />
      <FilterBar
        filters={[
          {
            param: 'state',
            label: 'State',
            options: platformStreamStates.map((value) => ({
              value,
              label: statusLook(value).label,
            })),
          },
          {
            param: 'kind',
            label: 'Kind',
            options: Object.entries(streamKindWords).map(([value, { label }]) => ({
              value,
              label,
            })),
          },
          { param: 'tenant', label: 'Tenant id', type: 'text' },
        ]}
      />
      <PlatformStreamList filter={search} first={await listPlatformStreams(staff, search)} />
    </>
  ),
);
