import type { Metadata } from 'next';
import { DeletionList } from '@/components/lifecycle/deletion-list';
import { deletionFilters } from '@/components/lifecycle/words';
import { FilterBar, PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { listDeletions } from '@/lib/deletions';
import { deletionFilter } from '@/lib/lifecycle';

export const metadata: Metadata = { title: 'Deletions' };

export default staffPage({ role: 'support', search: deletionFilter }, async ({ staff, search }) => (
  <>
    <PageHeader
      title="Deletions"
      description="Tenants that are to be deleted, are being deleted, or are gone with a certificate."
    />
    <FilterBar filters={deletionFilters} />
    <DeletionList rows={await listDeletions(staff, search)} />
  </>
));
