'use server';
import { revalidatePath } from 'next/cache';
import { staffAction } from '@/lib/access';
import {
  askInput,
  askOne,
  audienceInput,
  campaignInput,
  sizeAudience,
  startCampaign,
  startInput,
  stopCampaign,
} from '@/lib/campaigns';

export const sizeOf = staffAction(
  { name: 'campaigns.sizeOf', role: 'support', input: audienceInput },
  ({ staff, input }) => sizeAudience(staff, input),
);

export const start = staffAction(
  { name: 'campaigns.start', role: 'support', input: startInput },
  async ({ staff, input }) => ({ id: await startCampaign(staff, input) }),
);

/** Asks one connection's tenant; a campaign of one. */
export const ask = staffAction(
  { name: 'campaigns.ask', role: 'support', input: askInput },
  async ({ staff, input }) => ({ id: await askOne(staff, input) }),
);

export const stop = staffAction(
  { name: 'campaigns.stop', role: 'support', input: campaignInput },
  async ({ staff, input }) => {
    await stopCampaign(staff, input.campaignId);
    revalidatePath(`/admin/reconsent/${input.campaignId}`);
  },
);
