import { and, type CampaignId, eq, isNull, sql } from '@/db';
import { campaigns, reconsentRequests } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { found, PublicError } from '@/lib/errors';
import { lookAsStaff } from '@/lib/platform';

/**
 * Ask no longer: no more mails, and the links that went out lead nowhere within a minute or two.
 * @throws PublicError `not_found`; `conflict` when somebody has stopped it already
 */
export function stopCampaign(staff: StaffContext, id: CampaignId): Promise<void> {
  const look = { action: 'campaign.stopped', filter: { campaign: id } } as const;
  return lookAsStaff(staff, look, async (tx, shows) => {
    const [stopped] = await tx
      .update(campaigns)
      .set({ stoppedAt: new Date(), stoppedName: staff.name })
      .where(and(eq(campaigns.id, id), isNull(campaigns.stoppedAt)))
      .returning({ id: campaigns.id });
    if (!stopped) {
      const [before] = await tx
        .select({ name: campaigns.stoppedName })
        .from(campaigns)
        .where(eq(campaigns.id, id));
      throw new PublicError('conflict', `${found(before).name} has stopped this campaign already.`);
    }
    const requests = await tx
      .update(reconsentRequests)
      .set({ stoppedAt: new Date(), nextMailAt: sql`now()` })
      .where(eq(reconsentRequests.campaignId, id))
      .returning({ tenantId: reconsentRequests.tenantId });
    shows(requests.map(({ tenantId }) => tenantId));
  });
}
