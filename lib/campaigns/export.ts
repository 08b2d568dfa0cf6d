import type { CampaignId } from '@/db';
import type { StaffContext } from '@/lib/access';
import { csvDownload } from '@/lib/csv';
import { browseRequests, openCampaign } from './browse';
import type { RequestRow } from './contract';

const columns = [
  'tenantName',
  'tenantId',
  'connectionId',
  'connectionState',
  'state',
  'mails',
  'lastMailAt',
] as const satisfies readonly (keyof RequestRow)[];

/** Rows fetched at a time: memory stays flat however many tenants there are. */
const batch = 1_000;

async function* rows(staff: StaffContext, campaignId: CampaignId): AsyncGenerator<RequestRow> {
  let cursor: string | undefined;
  do {
    const slice = await browseRequests(staff, { campaignId }, cursor, batch);
    yield* slice.items;
    cursor = slice.nextCursor ?? undefined;
  } while (cursor);
}

/**
 * How each connection of a campaign stands, as CSV.
 * @throws PublicError `not_found`
 */
export async function exportCampaign(
  staff: StaffContext,
  campaignId: CampaignId,
): Promise<ReadableStream<Uint8Array>> {
  await openCampaign(staff, campaignId);
  return csvDownload(columns, rows(staff, campaignId), 'a campaign');
}
