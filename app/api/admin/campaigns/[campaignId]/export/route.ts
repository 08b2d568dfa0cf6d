import { staffRoute } from '@/lib/access';
import { campaignParams, exportCampaign } from '@/lib/campaigns';

export const GET = staffRoute(
  { role: 'support', params: campaignParams },
  async ({ staff, params }) =>
    new Response(await exportCampaign(staff, params.campaignId), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="campaign.csv"',
        'cache-control': 'no-store',
      },
    }),
);
