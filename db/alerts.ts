import { poolOf } from './connections';
import { type AlertId, newId, type UserId } from './ids';
import { acrossTenantsMark } from './observe';
import type { AlertRule, DenialReason } from './schema';

/** What is watched for in the record of denials. */
export interface Watch {
  readonly rule: AlertRule;
  /** Whom denials are counted by. */
  readonly subject: 'person' | 'tenant';
  readonly reasons: readonly DenialReason[];
  /** Seconds back from now; the record keeps time in minutes, so up to one more is counted. */
  readonly windowSeconds: number;
  /** From so many denials on, in so many tenants. */
  readonly denials: number;
  readonly tenants: number;
}

/** Alerts of one rule that one look opens, and that stand open at a time: staff read no more. */
export const mostAlerts = { opened: 20, open: 100 } as const;

const watched = acrossTenantsMark('staff are told of denials wherever they are');
const subjects = { person: 'user_id', tenant: 'tenant_id' } as const;

/**
 * Open an alert for each subject that has reached the rule's figures by denials that came after the
 * last acknowledgement, and has none open. As `tenantry_engine`, across tenants.
 * @returns the ids of what was opened
 */
export async function openAlerts(watch: Watch): Promise<readonly AlertId[]> {
  const subject = subjects[watch.subject];
  const { rows } = await poolOf('engine').query<{ id: AlertId }>(
    `${watched}
     with recent as (
       select l.tenant_id, l.created_at, l.minute, l.actor_name, l.actor_email, l.last_seen_at,
              l.times, l.${subject} as subject
         from tenant_access_logs l
        where l.minute >= date_trunc('minute', now() - make_interval(secs => $2))
          and l.reason = any($3) and l.${subject} is not null
          and not exists (select from alerts a
                           where a.rule = $1 and a.subject = l.${subject}
                             and (a.acknowledged_at is null or a.acknowledged_at >= l.last_seen_at))
     ), reached as (
       select subject, sum(times)::int as denials, count(distinct tenant_id)::int as tenants,
              min(created_at) as first, max(last_seen_at) as last, min(minute) as since,
              (array_agg(tenant_id))[1] as tenant,
              (array_agg(actor_name order by last_seen_at desc))[1] as name,
              (array_agg(actor_email order by last_seen_at desc))[1] as email,
              row_number() over (order by max(last_seen_at), subject) as place
         from recent group by subject
       having sum(times) >= $4 and count(distinct tenant_id) >= $5
     )
     insert into alerts (id, rule, subject, tenant_id, user_id, actor_name, actor_email,
                         first_seen_at, last_seen_at, denials, tenants, counted_until)
     select given.id, $1, r.subject, case when r.tenants = 1 then r.tenant end,
            ${watch.subject === 'person' ? 'r.subject' : 'null'}::uuid, r.name, r.email,
            r.first, r.last, r.denials, r.tenants, r.since
       from reached r join unnest($6::uuid[]) with ordinality as given(id, place) using (place)
      where r.place <= $7 - (select count(*) from alerts
                              where rule = $1 and acknowledged_at is null)
         on conflict (rule, subject) where acknowledged_at is null do nothing
     returning id`,
    [
      watch.rule,
      watch.windowSeconds,
      watch.reasons,
      watch.denials,
      watch.tenants,
      Array.from({ length: mostAlerts.opened }, () => newId<AlertId>()),
      mostAlerts.open,
    ],
  );
  return rows.map(({ id }) => id);
}

/**
 * Count at the open alerts of a rule what has been recorded since. Minutes that are over are counted
 * once and for all, so that an incident of days costs a look no more than one of minutes.
 */
export async function countAtAlerts(watch: Watch): Promise<void> {
  const pool = poolOf('engine');
  const { rows } = await pool.query<{ since: Date | null }>(
    'select min(counted_until) as since from alerts where rule = $1 and acknowledged_at is null',
    [watch.rule],
  );
  const since = rows[0]?.since;
  if (!since) return;
  // In two statements: the planner sees from when on the record is read.
  await pool.query(
    `${watched}
     with settled as (select date_trunc('minute', now()) - interval '2 minutes' as at),
     fresh as (
       select a.id, sum(l.times)::int as times, max(l.last_seen_at) as last,
              coalesce(sum(l.times) filter (where l.minute < s.at), 0)::int as over,
              count(distinct l.tenant_id)::int as tenants
         from settled s, alerts a
         join tenant_access_logs l
           on l.${subjects[watch.subject]} = a.subject and l.minute >= a.counted_until
          and l.last_seen_at >= a.first_seen_at and l.reason = any($3) and l.minute >= $2
        where a.rule = $1 and a.acknowledged_at is null
        group by a.id
     )
     update alerts a
        set denials = a.counted + coalesce(f.times, 0),
            counted = a.counted + coalesce(f.over, 0),
            counted_until = greatest(a.counted_until, s.at),
            last_seen_at = greatest(a.last_seen_at, f.last),
            tenants = greatest(a.tenants, f.tenants),
            tenant_id = case when greatest(a.tenants, f.tenants) = 1 then a.tenant_id end
       from settled s, alerts o left join fresh f on f.id = o.id
      where o.id = a.id and a.rule = $1 and a.acknowledged_at is null
        and (f.times is not null or a.counted_until < s.at)`,
    [watch.rule, since, watch.reasons],
  );
}

/** An alert as a mail tells of it. */
export interface AlertNotice {
  readonly id: AlertId;
  readonly rule: AlertRule;
  readonly actorName: string | null;
  readonly actorEmail: string | null;
  readonly denials: number;
  readonly tenants: number;
  readonly firstSeenAt: Date;
}

/** Open alerts of the past day that a person of staff has had no mail about, oldest first. */
export async function unsentAlerts(userId: UserId): Promise<readonly AlertNotice[]> {
  const { rows } = await poolOf('engine').query<AlertNotice>(
    `select id, rule, actor_name as "actorName", actor_email as "actorEmail", denials, tenants,
            first_seen_at as "firstSeenAt"
       from alerts a
      where acknowledged_at is null and opened_at > now() - interval '1 day'
        and not exists (select from alert_mails m where m.alert_id = a.id and m.user_id = $1)
      order by id`,
    [userId],
  );
  return rows;
}

/** Note that somebody has been told of these alerts. */
export async function markSent(userId: UserId, alertIds: readonly AlertId[]): Promise<void> {
  await poolOf('engine').query(
    `insert into alert_mails (alert_id, user_id)
     select unnest($2::uuid[]), $1 on conflict do nothing`,
    [userId, alertIds],
  );
}

/** Milliseconds since anybody of staff was last told of an alert; null if never. */
export async function sinceLastMail(): Promise<number | null> {
  const { rows } = await poolOf('engine').query<{ ms: number | null }>(
    `select extract(epoch from now() - max(sent_at))::float8 * 1000 as ms from alert_mails`,
  );
  return rows[0]?.ms ?? null;
}

/** Rows of one statement, so that none holds its locks for long. */
const purgeBatch = 5_000;

/**
 * Delete denials recorded more than so many days ago.
 * @returns how many rows
 */
export async function purgeDenials(days: number): Promise<number> {
  let purged = 0;
  for (;;) {
    const { rowCount } = await poolOf('engine').query(
      // By a list of ids as well: for pairs alone the planner would read the whole record.
      `${acrossTenantsMark('denials are kept equally long for all')}
       with old as materialized (
         select tenant_id, id from tenant_access_logs
          where minute < now() - make_interval(days => $1) order by minute limit $2
       )
       delete from tenant_access_logs
        where id = any(array(select id from old))
          and (tenant_id, id) in (select tenant_id, id from old)`,
      [days, purgeBatch],
    );
    purged += rowCount ?? 0;
    if ((rowCount ?? 0) < purgeBatch) return purged;
  }
}
