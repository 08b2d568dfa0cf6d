'use client';
import { useParams } from 'next/navigation';
import { TabNav } from '@/components/ui';

/** The pages of one tenant in the console, by the last word of their address. */
const pages = [
  { page: '', label: 'Overview' },
  { page: '/people', label: 'People' },
  { page: '/connections', label: 'Connections' },
  { page: '/runs', label: 'Runs' },
  { page: '/usage', label: 'Usage' },
  { page: '/limits', label: 'Limits' },
  { page: '/access-log', label: 'Access log' },
  { page: '/audit', label: 'Audit' },
  { page: '/support', label: 'Support' },
  { page: '/lifecycle', label: 'Lifecycle' },
  { page: '/notes', label: 'Notes' },
] as const;

/** The tabs above each page of a tenant. */
export function TenantTabs() {
  const { tenantId } = useParams<{ tenantId: string }>();
  const base = `/admin/tenants/${tenantId}`;
  return (
    <div className="mb-6">
      <TabNav
        label="This tenant"
        items={pages.map(({ page, label }) => ({ label, href: `${base}${page}` }))}
      />
    </div>
  );
}
