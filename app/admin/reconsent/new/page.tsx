import type { Metadata } from 'next';
import { CampaignForm } from '@/components/campaigns/campaign-form';
import { PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { listWays } from '@/lib/connections';
import { sizeOf, start } from '../actions';

export const metadata: Metadata = { title: 'New campaign' };

export default staffPage({ role: 'support' }, async () => (
  <>
    <PageHeader
      title="New campaign"
      description="Owners and admins of each tenant get a mail with your message and a link. It is on their own record that you asked."
      breadcrumbs={[{ label: 'Reconsent', href: '/admin/reconsent' }]}
    />
    <CampaignForm ways={listWays()} onSize={sizeOf} onStart={start} />
  </>
));
