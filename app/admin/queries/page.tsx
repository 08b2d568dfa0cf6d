import type { Metadata } from 'next';
import { queriesHref } from '@/components/queries/address';
import { queryFilters, shownText } from '@/components/queries/filters';
import { NotRun } from '@/components/queries/not-run';
import { QueryList } from '@/components/queries/query-list';
import { QuerySheet } from '@/components/queries/query-sheet';
import { TenantQueryList } from '@/components/queries/tenant-query-list';
import { FilterBar, PageHeader, TabNav } from '@/components/ui';
import { staffPage } from '@/lib/access';
import {
  openedQuery,
  queryDetail,
  queryFilter,
  slowestQueries,
  slowestTenants,
} from '@/lib/queries';

export const metadata: Metadata = { title: 'Slowest queries' };

export default staffPage(
  { role: 'support', search: queryFilter.extend({ query: openedQuery }) },
  async ({ staff, search: { query, ...filter } }) => {
    const byQuery = filter.by === 'query';
    const opened = query && (await queryDetail(staff, filter, query));
    return (
      <>
        <PageHeader
          title="Slowest queries"
          description={`What the database was asked and how long it took, without anybody’s values. ${shownText(filter)}`}
        />
        <TabNav
          label="Slowest queries"
          items={[
            { label: 'By tenant', href: queriesHref(filter, { by: 'tenant' }), current: !byQuery },
            { label: 'By query', href: queriesHref(filter, { by: 'query' }), current: byQuery },
          ]}
        />
        <div className="mt-4">
          <FilterBar filters={queryFilters} />
          {opened === null && <NotRun filter={filter} />}
          {byQuery ? (
            <QueryList filter={filter} rows={await slowestQueries(staff, filter)} />
          ) : (
            <TenantQueryList filter={filter} rows={await slowestTenants(staff, filter)} />
          )}
        </div>
        {opened && <QuerySheet filter={filter} query={opened} />}
      </>
    );
  },
);
