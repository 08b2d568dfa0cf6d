import type { Metadata } from 'next';
import { PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';

export const metadata: Metadata = { title: 'Overview' };

export default tenantPage({ permission: 'overview:read' }, async ({ context }) => (
  <PageHeader title="Overview" description={context.tenantName} />
));
