import type { Metadata } from 'next';
import { AlertList } from '@/components/alerts/alert-list';
import { alertFilters } from '@/components/alerts/filters';
import { FilterBar, PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { alertFilter, listAlerts } from '@/lib/alerts';

export const metadata: Metadata = { title: 'Alerts' };

export default staffPage({ role: 'support', search: alertFilter }, async ({ staff, search }) => (
  <>
    <PageHeader
      title="Alerts"
      description="Refusals that somebody should look at. One stands open per rule and person or tenant, and counts what comes after, until it is acknowledged with a note."
    />
    <FilterBar filters={alertFilters} />
    <AlertList filter={search} first={await listAlerts(staff, search)} />
  </>
));
