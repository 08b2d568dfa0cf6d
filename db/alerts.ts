import { poolOf } from './connections';
import { type AlertId, newId, type UserId } from './ids';
import { acrossTenantsMark } from './observe';
import {
  type AlertRule,
  allOthers,
  type DenialReason,
  type DenialRule,
  type ProviderKey,
} from './schema';

/** What is watched for in the record of denials. */
export interface Watch {
  readonly rule: DenialRule;
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

export { allOthers } from './schema';

const watched = acrossTenantsMark('staff are told of denials wherever they are');
const subjects = { person: 'user_id', tenant: 'tenant_id' } as const;

/** A sum as the column takes it; what stands on record may be what an attacker wrote. */
const bounded = (sum: string): string => `least(${sum}, 2147483647)::int`;

/** When a denial was seen last; never before it was put on record, nor later than now. */
const seen = 'least(greatest(l.last_seen_at, l.minute), now())';

/**
 * Open an alert for each subject that has reached the rule's figures by denials that came after the
 * last acknowledgement, and has none open; the heaviest first. Beyond those that may stand open, one
 * alert, of the subject `allOthers`, stands for the rest. As `tenantry_engine`, across tenants.
 * @returns the ids of what was opened
 */
export async function openAlerts(watch: Watch): Promise<readonly AlertId[]> {
  const subject = subjects[watch.subject];
  const { rows } = await poolOf('engine').query<{ id: AlertId; opened: boolean }>(
    `${watched}
     with recent as (
       select l.tenant_id, least(l.created_at, now()) as created_at, l.minute, l.actor_name,
              l.actor_email, ${seen} as last_seen_at, l.times, l.${subject} as subject
         from tenant_access_logs l
        where l.minute >= date_trunc('minute', now() - make_interval(secs => $2))
          and l.minute <= now() and l.reason = any($3) and l.${subject} <> $8
          and not exists (select from alerts a
                           where a.rule = $1 and a.subject = l.${subject}
                             and (a.acknowledged_at is null or a.acknowledged_at >= ${seen}))
     ), reached as (
       select subject, sum(times) as denials, count(distinct tenant_id)::int as tenants,
              min(created_at) as first, max(last_seen_at) as last, min(minute) as since,
              (array_agg(tenant_id))[1] as tenant,
              (array_agg(actor_name order by last_seen_at desc))[1] as name,
              (array_agg(actor_email order by last_seen_at desc))[1] as email,
              row_number() over (order by sum(times) desc, max(last_seen_at), subject) as place
         from recent group by subject
       having sum(times) >= $4 and count(distinct tenant_id) >= $5
     ), room as (
       select $7 - count(*) as places from alerts
        where rule = $1 and subject <> $8 and acknowledged_at is null
     ), others as (
       select ${bounded('sum(denials)')} as denials, max(tenants) as tenants, min(first) as first,
              max(last) as last, min(since) as since, ${bounded('count(*)')} as subjects
         from reached, room
        where place > places
          and last > coalesce((select max(acknowledged_at) from alerts
                                where rule = $1 and subject = $8), '-infinity')
     )
     insert into alerts as a (id, rule, subject, tenant_id, user_id, actor_name, actor_email,
                              first_seen_at, last_seen_at, denials, tenants, subjects, counted_until)
     select given.id, $1, r.subject, case when r.tenants = 1 then r.tenant end,
            ${watch.subject === 'person' ? 'r.subject' : 'null'}::uuid, r.name, r.email,
            r.first, r.last, ${bounded('r.denials')}, r.tenants, 0, r.since
       from reached r join unnest($6::uuid[]) with ordinality as given(id, place) using (place)
       cross join room where r.place <= room.places
      union all
     select $9::uuid, $1, $8, null, null, null, null, first, last, denials, tenants, subjects, since
       from others where subjects > 0
         on conflict (rule, subject) where acknowledged_at is null do update
        set subjects = greatest(a.subjects, excluded.subjects),
            denials = greatest(a.denials, excluded.denials),
            tenants = greatest(a.tenants, excluded.tenants),
            last_seen_at = greatest(a.last_seen_at, excluded.last_seen_at)
      where a.subject = $8
     returning id, id = any($6) or id = $9 as opened`,
    [
      watch.rule,
      watch.windowSeconds,
      watch.reasons,
      watch.denials,
      watch.tenants,
      Array.from({ length: mostAlerts.opened }, () => newId<AlertId>()),
      mostAlerts.open,
      allOthers,
      newId<AlertId>(),
    ],
  );
  return rows.filter(({ opened }) => opened).map(({ id }) => id);
}

/**
 * Count at the open alerts of a rule what has been recorded since. Minutes that are over are counted
 * once and for all, so that an incident of days costs a look no more than one of minutes. What stands
 * for the rest is no single subject, and is brought up to date by `openAlerts`.
 */
export async function countAtAlerts(watch: Watch): Promise<void> {
  const pool = poolOf('engine');
  const { rows } = await pool.query<{ since: Date | null }>(
    `select min(counted_until) as since from alerts
      where rule = $1 and subject <> $2 and acknowledged_at is null`,
    [watch.rule, allOthers],
  );
  const since = rows[0]?.since;
  if (!since) return;
  // In two statements: the planner sees from when on the record is read.
  await pool.query(
    `${watched}
     with settled as (select date_trunc('minute', now()) - interval '2 minutes' as at),
     fresh as (
       select a.id, sum(l.times) as times, max(${seen}) as last,
              coalesce(sum(l.times) filter (where l.minute < s.at), 0) as over,
              count(distinct l.tenant_id)::int as tenants
         from settled s, alerts a
         join tenant_access_logs l
           on l.${subjects[watch.subject]} = a.subject and l.minute >= a.counted_until
          and l.minute <= now() and ${seen} >= a.first_seen_at and l.reason = any($3)
          and l.minute >= $2
        where a.rule = $1 and a.acknowledged_at is null
        group by a.id
     )
     update alerts a
        set denials = ${bounded('a.counted + coalesce(f.times, 0)')},
            counted = ${bounded('a.counted + coalesce(f.over, 0)')},
            counted_until = greatest(a.counted_until, s.at),
            last_seen_at = greatest(a.last_seen_at, f.last),
            tenants = greatest(a.tenants, f.tenants),
            tenant_id = case when greatest(a.tenants, f.tenants) = 1 then a.tenant_id end
       from settled s, alerts o left join fresh f on f.id = o.id
      where o.id = a.id and a.rule = $1 and a.subject <> $4 and a.acknowledged_at is null
        and (f.times is not null or a.counted_until < s.at)`,
    [watch.rule, since, watch.reasons, allOthers],
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
  /** How many subjects it stands for, when it is not one; 0 else. */
  readonly subjects: number;
  readonly firstSeenAt: Date;
  /** Of a fault of ours at a provider: which one, and the provider's code. */
  readonly provider: ProviderKey | null;
  readonly code: string | null;
}

/**
 * Open alerts of the past day that a person of staff has had no mail about: what stands for many, then
 * the oldest. A fault that is over already is none: there is nothing left to do about it.
 */
export async function unsentAlerts(userId: UserId): Promise<readonly AlertNotice[]> {
  const { rows } = await poolOf('engine').query<AlertNotice>(
    `select a.id, rule, actor_name as "actorName", actor_email as "actorEmail", denials, tenants,
            subjects, first_seen_at as "firstSeenAt", f.provider, f.code
       from alerts a left join provider_app_faults f on f.id = a.subject
      where acknowledged_at is null and opened_at > now() - interval '1 day'
        and f.cleared_at is null
        and not exists (select from alert_mails m where m.alert_id = a.id and m.user_id = $1)
      order by subjects > 0 desc, a.id`,
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
 * Delete denials recorded more than so many days ago, and those of a time that has not come.
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
          where minute < now() - make_interval(days => $1) or minute > now() + interval '1 hour'
          order by minute limit $2
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
