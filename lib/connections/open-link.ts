import { sql } from '@/db';

/**
 * SQL: whether a row `l` of `consent_links` leads anywhere still. One that a member has made is worth
 * what they may do now (`connections:manage`); of a campaign's, its own page asks after the staff.
 */
export const leadsOn = sql`l.used_at is null and l.revoked_at is null and l.expires_at > now()
  and (l.campaign_id is not null or exists (
    select from memberships m
    where m.tenant_id = l.tenant_id and m.user_id = l.made_by and m.role in ('owner', 'admin')
  ))`;

/** SQL: whether somebody was handed a link that leads on, to connect a row of `connections`. */
export const handedOut = sql<boolean>`exists (
  select from consent_links l
  where l.tenant_id = connections.tenant_id and l.connection_id = connections.id and ${leadsOn}
)`;
