import type { z } from 'zod';
import {
  type CampaignId,
  count,
  countDistinct,
  eq,
  newId,
  type PlatformTransaction,
  type ReconsentRequestId,
  sql,
} from '@/db';
import { campaigns, connections, reconsentRequests, tenants } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { found, PublicError } from '@/lib/errors';
import { lookAsStaff } from '@/lib/platform';
import { findWay } from '@/lib/providers';
import { broken, isAsked } from './audience';
import {
  type Audience,
  type AudienceSize,
  type askInput,
  longestDays,
  type startInput,
} from './contract';

/** Requests written at a time. */
const batch = 500;

/** The last moment of a day in UTC. */
function endOf(day: string): Date {
  const deadline = new Date(`${day}T23:59:59.999Z`);
  const days = (deadline.getTime() - Date.now()) / 86_400_000;
  if (days < 0) throw unusable('The deadline has passed. Choose a day to come.');
  if (days > longestDays) throw unusable(`Choose a day within ${longestDays} days.`);
  return deadline;
}

const unusable = (message: string) =>
  new PublicError('invalid_input', message, { fields: { deadline: message } });

/** Permissions that this product knows: nobody is asked for others. */
function requireKnown({ provider, authority, scopes }: Audience): void {
  const known = findWay(provider, authority)?.scopes.map(({ scope }) => scope) ?? [];
  const unknown = scopes.filter((scope) => !known.includes(scope));
  if (unknown.length === 0) return;
  const message = `This product does not use ${unknown.join(', ')}.`;
  throw new PublicError('invalid_input', message, { fields: { scopes: message } });
}

/** Whom a campaign would ask, before it begins. */
export function sizeAudience(staff: StaffContext, audience: Audience): Promise<AudienceSize> {
  return lookAsStaff(staff, { action: 'campaigns.sized', filter: audience }, async (tx) => {
    const [row] = await tx
      .select({ tenants: countDistinct(connections.tenantId), connections: count() })
      .from(connections)
      .innerJoin(tenants, eq(tenants.id, connections.tenantId))
      .where(isAsked(audience));
    return found(row);
  });
}

/**
 * Ask the tenants of all such connections to give them authority again. The mails go out from the
 * background, each in its own tenant.
 * @throws PublicError `invalid_input`; `conflict` when there is nobody to ask
 */
export async function startCampaign(
  staff: StaffContext,
  wish: z.output<typeof startInput>,
): Promise<CampaignId> {
  const { provider, authority, scopes } = wish;
  requireKnown(wish);
  const look = { action: 'campaign.started', filter: { provider, authority, scopes } } as const;
  return lookAsStaff(staff, look, async (tx, shows) => {
    const asked = await tx
      .select({ tenantId: connections.tenantId, id: connections.id })
      .from(connections)
      .innerJoin(tenants, eq(tenants.id, connections.tenantId))
      .where(isAsked(wish));
    if (asked.length === 0) {
      throw new PublicError('conflict', 'There is no such connection: nobody would be asked.');
    }
    shows(asked.map(({ tenantId }) => tenantId));
    return write(tx, staff, { ...wish, deadline: endOf(wish.deadline) }, asked);
  });
}

/**
 * The same of one connection.
 * @throws PublicError `not_found`, `invalid_input`; `conflict` for one that its tenant has ended
 */
export function askOne(
  staff: StaffContext,
  { connectionId, ...words }: z.output<typeof askInput>,
): Promise<CampaignId> {
  const look = { action: 'campaign.started', filter: { connection: connectionId } } as const;
  return lookAsStaff(staff, look, async (tx, shows) => {
    const [row] = await tx
      .select({
        tenantId: connections.tenantId,
        id: connections.id,
        provider: connections.provider,
        authority: connections.authority,
        state: connections.state,
        tenantState: tenants.state,
      })
      .from(connections)
      .innerJoin(tenants, eq(tenants.id, connections.tenantId))
      // In the words of the index that knows connections of all tenants.
      .where(sql`${connections.id}::text = ${connectionId}`);
    const one = found(row);
    shows([one.tenantId]);
    // One that nobody has consented to yet would belong to whoever opens the link first.
    if (!broken.some((state) => state === one.state) || one.tenantState !== 'active') {
      throw new PublicError(
        'conflict',
        'There is nothing to ask: it works, was never connected or was ended, or its tenant is suspended.',
      );
    }
    const wish = { provider: one.provider, authority: one.authority, scopes: [], ...words };
    return write(tx, staff, { ...wish, deadline: endOf(words.deadline) }, [one]);
  });
}

type Asked = Pick<typeof connections.$inferSelect, 'tenantId' | 'id'>;

async function write(
  tx: PlatformTransaction,
  { userId, name }: StaffContext,
  wish: Audience & { message: string; deadline: Date; remindEveryDays: number },
  asked: readonly Asked[],
): Promise<CampaignId> {
  const id = newId<CampaignId>();
  const { scopes, message, deadline, remindEveryDays } = wish;
  await tx.insert(campaigns).values({ ...wish, id, createdBy: userId, createdName: name });
  const same = { campaignId: id, scopes, message, deadline, remindEveryDays };
  for (let from = 0; from < asked.length; from += batch) {
    await tx.insert(reconsentRequests).values(
      asked.slice(from, from + batch).map(({ tenantId, id: connectionId }) => ({
        ...{ ...same, tenantId, connectionId, id: newId<ReconsentRequestId>() },
        ...{ requestedBy: userId, requestedName: name },
      })),
    );
  }
  return id;
}
