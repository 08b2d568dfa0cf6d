import { z } from 'zod';
import type { ConnectionState } from '@/lib/connections/contract';
import { idOf } from '@/lib/ids/contract';
import {
  type Authority,
  authoritySchema,
  type ProviderKey,
  providerKeySchema,
} from '@/lib/providers/contract';

/** Days that a campaign may last. */
export const longestDays = 180;

const day = z.iso.date('Choose a day.');

/** Which connections are asked, and what for. */
export const audienceInput = z.strictObject({
  provider: providerKeySchema,
  authority: authoritySchema,
  /** Permissions that a connection lacks; none for those that stopped working. */
  scopes: z.array(z.string().trim().min(1).max(300)).max(50),
});
export type Audience = z.output<typeof audienceInput>;

/** All connections of a kind, for what they lack; for what stopped working when nothing is named. */
export const audienceOf = (
  { provider, authority }: Pick<Audience, 'provider' | 'authority'>,
  scopes: readonly string[] = [],
): Audience => ({ provider, authority, scopes: [...scopes] });

const words = {
  message: z
    .string()
    .trim()
    .min(10, 'Say in a sentence or two why you ask.')
    .max(2_000, 'Use at most 2,000 characters.'),
  /** Until when, inclusive; a day in UTC. */
  deadline: day,
  remindEveryDays: z
    .int()
    .min(1, 'Remind at most once a day.')
    .max(30, 'Remind at least every 30 days.'),
};

/** A campaign over all tenants that have such connections. */
export const startInput = z.strictObject({ ...audienceInput.shape, ...words });
/** The same of one connection. */
export const askInput = z.strictObject({
  connectionId: idOf('connection'),
  ...words,
});
export type StartInput = z.input<typeof startInput>;
export type AskInput = z.input<typeof askInput>;

export const campaignInput = z.strictObject({ campaignId: idOf('campaign') });
export const campaignParams = z.object({ campaignId: idOf('campaign') });

/** How far one connection is. */
export const requestStates = ['done', 'waiting', 'overdue', 'stopped'] as const;
export type RequestState = (typeof requestStates)[number];

export const requestFilter = z.object({
  state: z.enum(requestStates).optional().catch(undefined),
});
export type RequestFilter = z.output<typeof requestFilter>;

/** Whom a campaign would ask. */
export interface AudienceSize {
  readonly tenants: number;
  readonly connections: number;
}

/** A line of the list of campaigns. Times are ISO 8601 in UTC. */
export interface CampaignRow {
  readonly id: string;
  readonly provider: ProviderKey;
  readonly authority: Authority;
  readonly scopes: readonly string[];
  readonly message: string;
  readonly deadline: string;
  readonly remindEveryDays: number;
  readonly createdAt: string;
  readonly createdName: string;
  readonly stoppedAt: string | null;
  readonly stoppedName: string | null;
  readonly tenants: number;
  readonly connections: number;
  readonly done: number;
}

/** How one connection of a campaign stands. */
export interface RequestRow {
  readonly id: string;
  readonly tenantId: string;
  readonly tenantName: string;
  readonly connectionId: string;
  readonly connectionState: ConnectionState;
  readonly state: RequestState;
  readonly mails: number;
  readonly lastMailAt: string | null;
}

/** A day until which something is asked, as tenants read it; it ends in UTC. */
export const dayOf = (at: Date) =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(at);

/** What a tenant is asked by staff at present. The deadline is ISO 8601 in UTC. */
export interface OpenRequest {
  readonly id: string;
  /** Permissions that are asked for; none where it is to work again. */
  readonly scopes: readonly string[];
  readonly message: string;
  readonly deadline: string;
  readonly requestedName: string;
}
