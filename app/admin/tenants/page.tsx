import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { tenantFilters } from '@/components/platform/tenant-filters';
import { TenantList } from '@/components/platform/tenant-list';
import { TenantViews } from '@/components/platform/tenant-views';
import { ButtonLink, buttonStyles, FilterBar, PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { idOf } from '@/lib/ids';
import { listTenants, listViews, tenantFilter, tenantQueryOf } from '@/lib/platform';
import { dropView, keepView } from './actions';

export const metadata: Metadata = { title: 'Tenants' };

const search = tenantFilter.extend({ view: idOf('view').optional().catch(undefined) });

export default staffPage({ role: 'support', search }, async ({ staff, search }) => {
  const { view, ...filter } = search;
  const views = await listViews(staff);
  const query = tenantQueryOf(filter);
  const named = views.find(({ id }) => id === view);
  // A view's own address: it leads to what the view stands for now.
  if (named && query === '' && named.query !== '') {
    redirect(`/admin/tenants?${named.query}&view=${named.id}`);
  }
  const exported = `/api/admin/tenants/export${query ? `?${query}` : ''}`;
  return (
    <>
      <PageHeader
        title="Tenants"
        description="The tenants on this platform: their state, connections and last activity."
        actions={
          staff.role === 'platform_admin' && (
            <ButtonLink variant="primary" href="/admin/tenants/new">
              New tenant
            </ButtonLink>
          )
        }
      />
      <TenantViews
        views={views}
        current={named?.query === query ? named.id : null}
        filter={filter}
        onSave={keepView}
        onRemove={dropView}
      />
      <FilterBar
        search={{ placeholder: 'Search by name' }}
        filters={tenantFilters}
        actions={
          <a href={exported} download className={buttonStyles({ size: 'sm' })}>
            Export this list
          </a>
        }
      />
      <TenantList filter={filter} first={await listTenants(staff, filter)} />
    </>
  );
});
