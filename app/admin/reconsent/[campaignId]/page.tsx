import { Download } from 'lucide-react';
import type { Metadata } from 'next';
import { CampaignFacts } from '@/components/campaigns/campaign-facts';
import { requestFilters } from '@/components/campaigns/filters';
import { RequestList } from '@/components/campaigns/request-list';
import { StopButton } from '@/components/campaigns/stop-button';
import { campaignState, campaignTitle } from '@/components/campaigns/words';
import { ButtonLink, FilterBar, PageHeader, StatusBadge } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { browseRequests, campaignParams, openCampaign, requestFilter } from '@/lib/campaigns';
import { stop } from '../actions';

export const metadata: Metadata = { title: 'Campaign' };

export default staffPage(
  { role: 'support', params: campaignParams, search: requestFilter },
  async ({ staff, params: { campaignId }, search }) => {
    const campaign = await openCampaign(staff, campaignId);
    const state = campaignState(campaign);
    return (
      <>
        <PageHeader
          title={campaignTitle(campaign)}
          badge={<StatusBadge status={state} />}
          breadcrumbs={[{ label: 'Reconsent', href: '/admin/reconsent' }]}
          actions={
            <>
              <ButtonLink
                href={`/api/admin/campaigns/${campaign.id}/export`}
                icon={<Download />}
                download
              >
                Export CSV
              </ButtonLink>
              {state === 'running' && <StopButton campaign={campaign} onStop={stop} />}
            </>
          }
        />
        <CampaignFacts campaign={campaign} />
        <FilterBar filters={requestFilters} />
        <RequestList
          campaignId={campaign.id}
          filter={search}
          first={await browseRequests(staff, { campaignId, ...search })}
        />
      </>
    );
  },
);
