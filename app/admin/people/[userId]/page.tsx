import type { Metadata } from 'next';
import { PersonView } from '@/components/console/person-view';
import { PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { openPerson, personParams } from '@/lib/console';

export const metadata: Metadata = { title: 'Person' };

export default staffPage({ role: 'support', params: personParams }, async ({ staff, params }) => {
  const person = await openPerson(staff, params.userId);
  return (
    <>
      <PageHeader
        title={person.name}
        breadcrumbs={[{ label: 'Tenants', href: '/admin/tenants' }]}
      />
      <PersonView person={person} showsLooks={staff.role === 'platform_admin'} />
    </>
  );
});
