import type { ReactNode } from 'react';
import { PageHeader, StatusBadge } from '@/components/ui';
import type { TenantHead } from '@/lib/platform/contract';

interface TenantHeaderProps {
  tenant: TenantHead;
  /** What of the tenant the page is about; the overview without one. */
  part?: string;
  description?: ReactNode;
  actions?: ReactNode;
}

/** The head of one of a tenant's pages. */
export function TenantHeader({ tenant, part, description, actions }: TenantHeaderProps) {
  return (
    <PageHeader
      title={part ? `${tenant.name}: ${part}` : tenant.name}
      badge={<StatusBadge status={tenant.state} />}
      breadcrumbs={[{ label: 'Tenants', href: '/admin/tenants' }]}
      description={description}
      actions={actions}
    />
  );
}
