import type { Pool } from 'pg';
import { v7 } from 'uuid';
import { alertRules } from '@/db/schema';

/** What the support console has beside the tenants' own: made for staff, one thing at a time. */

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

/** A view of the list of tenants that somebody keeps. @returns its id */
export async function plantView(pool: Pool, staff: string): Promise<string> {
  const id = v7();
  await pool.query(
    `insert into saved_views (id, owner_id, owner_name, name, list, query, shared)
     values ($1::uuid, $2, 'Support', $1::text, 'tenants', 'state=suspended', true)`,
    [id, staff],
  );
  return id;
}

/** What somebody who is nobody here asked for, and all staff may decide on. @returns its id */
export async function plantApproval(pool: Pool, tenant: string): Promise<string> {
  const id = v7();
  await pool.query(
    `insert into approvals (id, kind, tenant_id, subject, reason, asked_by, expires_at, told_at)
     values ($1, 'support.write', $2, $3, 'To see how it is refused', $4, $5, now())`,
    [id, tenant, { tenantName: 'A tenant', sessionId: v7() }, v7(), inDays(1)],
  );
  return id;
}

/** A campaign that staff began. @returns its id */
export async function plantCampaign(pool: Pool, staff: string): Promise<string> {
  const id = v7();
  await pool.query(
    `insert into campaigns (id, provider, authority, scopes, message, deadline, remind_every_days,
       created_by, created_name)
     values ($1, 'google', 'delegated', '{}', 'Please connect again.', $2, 3, $3, 'Support')`,
    [id, inDays(1), staff],
  );
  return id;
}

/** A deletion that waits, of a tenant that nobody looks at otherwise. @returns its id */
export async function plantDeletion(pool: Pool): Promise<string> {
  const id = v7();
  await pool.query(
    `insert into tenant_deletions (tenant_id, id, origin, tenant_name, asked_name, grace_until,
       told_at, told_end_at, certificate)
     values ($1, $2, 'owner', 'Made up', 'Somebody', $3, now(), now(), 'A certificate')`,
    [v7(), id, inDays(20)],
  );
  return id;
}

/** What the platform's rules made of a tenant's denials. @returns its id */
export async function plantAlert(pool: Pool, tenant: string): Promise<string> {
  const id = v7();
  await pool.query(
    `insert into alerts (id, rule, subject, tenant_id, first_seen_at, last_seen_at, denials, tenants,
       counted_until)
     values ($1, $2, $1, $3, now(), now(), 9, 1, now())`,
    [id, alertRules[0], tenant],
  );
  return id;
}
