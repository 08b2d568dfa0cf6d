import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { CampaignId } from '@/db';
import type { StaffContext } from '@/lib/access';
import { logger } from '@/lib/observability';
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
 * How each connection of a campaign stands, as CSV (RFC 4180, UTF-8). Cells that a spreadsheet would
 * run as a formula are neutralised.
 * @throws PublicError `not_found`
 */
export async function exportCampaign(
  staff: StaffContext,
  campaignId: CampaignId,
): Promise<ReadableStream<Uint8Array>> {
  await openCampaign(staff, campaignId);
  const csv = stringify({ header: true, columns: [...columns], escape_formulas: true, bom: true });
  // A failure half-way breaks the download off, so that a cut file is not taken for a whole one.
  pipeline(Readable.from(rows(staff, campaignId)), csv, (error) => {
    if (error) logger.error({ err: error }, 'the export of a campaign broke off');
  });
  return Readable.toWeb(csv) as ReadableStream<Uint8Array>;
}
