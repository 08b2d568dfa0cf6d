import type { Metadata } from 'next';
import { resourceFilters } from '@/components/resources/filters';
import { ResourceList } from '@/components/resources/resource-list';
import { ResourceSheet } from '@/components/resources/resource-sheet';
import { FilterBar, PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { browseResources, listConnections, readResource, resourceSearch } from '@/lib/connections';

export const metadata: Metadata = { title: 'Resources' };

export default tenantPage(
  { permission: 'resources:read', search: resourceSearch },
  async ({ context, search: { resource, ...filter } }) => {
    const [first, connections, opened] = await Promise.all([
      browseResources(context, filter),
      listConnections(context),
      resource ? readResource(context, resource) : undefined,
    ]);
    return (
      <>
        <PageHeader
          title="Resources"
          description="The mailboxes, drives, files and calendars that were found through your connections."
        />
        <FilterBar
          search={{ placeholder: 'Search resources' }}
          filters={resourceFilters(connections)}
        />
        <ResourceList filter={filter} first={first} connections={connections} />
        {opened && <ResourceSheet resource={opened} />}
      </>
    );
  },
);
