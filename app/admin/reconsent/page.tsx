import { MailPlus } from 'lucide-react';
import type { Metadata } from 'next';
import { CampaignList } from '@/components/campaigns/campaign-list';
import { ButtonLink, PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { listCampaigns } from '@/lib/campaigns';

export const metadata: Metadata = { title: 'Reconsent' };

export default staffPage({ role: 'support' }, async ({ staff }) => (
  <>
    <PageHeader
      title="Reconsent"
      description="Campaigns ask tenants to connect again, by mail, with reminders until they did or the day has come."
      actions={
        <ButtonLink href="/admin/reconsent/new" variant="primary" icon={<MailPlus />}>
          New campaign
        </ButtonLink>
      }
    />
    <CampaignList first={await listCampaigns(staff)} />
  </>
));
