import type { CampaignRow } from '@/lib/campaigns/contract';
import { authorityNames, providerNames } from '@/lib/providers/contract';

type Counted = Pick<CampaignRow, 'tenants' | 'connections'>;

/** How many are asked: `3 connections of 2 tenants`. */
export function audienceWords({ connections, tenants }: Counted): string {
  const many = (n: number, one: string) => `${n} ${one}${n === 1 ? '' : 's'}`;
  return `${many(connections, 'connection')} of ${many(tenants, 'tenant')}`;
}

/** What a campaign is called: its provider and the way it is connected. */
export function campaignTitle({
  provider,
  authority,
}: Pick<CampaignRow, 'provider' | 'authority'>): string {
  return `${providerNames[provider]}: ${authorityNames[authority].toLowerCase()}`;
}

/** How a campaign stands, in the words of the badge. */
export function campaignState({
  stoppedAt,
  deadline,
  done,
  connections,
}: CampaignRow): 'stopped' | 'done' | 'overdue' | 'running' {
  if (done === connections) return 'done';
  if (stoppedAt) return 'stopped';
  return Date.parse(deadline) < Date.now() ? 'overdue' : 'running';
}
