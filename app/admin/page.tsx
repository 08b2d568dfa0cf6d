import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { staffPage } from '@/lib/access';
import { tenantFilter } from '@/lib/platform';

export const metadata: Metadata = { title: 'Overview' };

export default staffPage({ role: 'support', search: tenantFilter }, async () =>
  redirect('/admin/tenants'),
);
