import type { Metadata } from 'next';
import { CampaignForm } from '@/components/campaigns/campaign-form';
import { PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { sizeAudience } from '@/lib/campaigns';
import { audienceOf } from '@/lib/campaigns/contract';
import { listWays } from '@/lib/connections';
import { sizeOf, start } from '../actions';

export const metadata: Metadata = { title: 'New campaign' };

export default staffPage({ role: 'support' }, async ({ staff }) => {
  const ways = listWays();
  const [usual] = ways;
  return (
    <>
      <PageHeader
        title="New campaign"
        description="Owners and admins of each tenant get a mail with your message and a link. It is on their own record that you asked."
        breadcrumbs={[{ label: 'Reconsent', href: '/admin/reconsent' }]}
      />
      <CampaignForm
        ways={ways}
        first={usual ? await sizeAudience(staff, audienceOf(usual)) : null}
        onSize={sizeOf}
        onStart={start}
      />
    </>
  );
});
