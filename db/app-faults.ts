import { poolOf } from './connections';
import { type AlertId, type AppFaultId, newId, type TenantId, type UserId } from './ids';
import { acrossTenantsMark } from './observe';
import type { AppFaultArea, ProviderKey } from './schema';

/** A provider refuses our own client, since then and until now. */
export interface OpenFault {
  readonly id: AppFaultId;
  readonly provider: ProviderKey;
  readonly code: string | null;
  readonly area: AppFaultArea;
  readonly since: Date;
  /** Seconds until one call may try whether it is over; 0 or less: now. */
  readonly probeIn: number;
}

const columns = `id, provider, code, area, since,
  extract(epoch from probe_at - now())::float8 as "probeIn"`;

/** The faults that are open: one per provider at most. As `tenantry_engine`. */
export async function openFaults(): Promise<readonly OpenFault[]> {
  const { rows } = await poolOf('engine').query<OpenFault>({
    name: 'open-app-faults',
    text: `select ${columns} from provider_app_faults where cleared_at is null order by provider`,
  });
  return rows;
}

export interface SeenFault {
  readonly provider: ProviderKey;
  readonly code: string | null;
  readonly area: AppFaultArea;
}

/**
 * Open a provider's fault with the alert that tells staff of it, or count at the one that is open.
 * @param probeInSeconds when the first call may try whether it is over
 * @returns whether this call opened it
 */
export async function seeFault(fault: SeenFault, probeInSeconds: number): Promise<boolean> {
  const id = newId<AppFaultId>();
  const { rows } = await poolOf('engine').query<{ id: AppFaultId }>(
    `with fault as (
       insert into provider_app_faults as f (id, provider, code, area, probe_at)
       values ($1, $2, $3, $4, now() + make_interval(secs => $5))
       on conflict (provider) where cleared_at is null
          do update set seen = f.seen + 1, last_seen_at = now()
       returning f.id, f.seen
     ), alert as (
       insert into alerts as a (id, rule, subject, first_seen_at, last_seen_at, denials, tenants,
                                counted_until)
       select $6, 'provider_app_fault', fault.id, now(), now(), 1, 0, now() from fault
        where fault.seen = 1
     ), counted as (
       update alerts a set denials = fault.seen, last_seen_at = now() from fault
        where a.rule = 'provider_app_fault' and a.subject = fault.id and a.acknowledged_at is null
     )
     select id from fault`,
    [id, fault.provider, fault.code, fault.area, probeInSeconds, newId<AlertId>()],
  );
  return rows[0]?.id === id;
}

/**
 * The right to try once whether a provider's fault is over. Each turn puts the next one off for twice
 * as long, up to a bound.
 * @param firstSeconds wait after the first turn @param mostSeconds wait at most
 * @returns null when it is nobody's turn
 */
export async function takeProbe(
  provider: ProviderKey,
  firstSeconds: number,
  mostSeconds: number,
): Promise<OpenFault | null> {
  const { rows } = await poolOf('engine').query<OpenFault>(
    `update provider_app_faults
        set probe_at = now() + make_interval(secs => least($3, $2 * power(2, least(probes, 20)))),
            probes = probes + 1
      where provider = $1 and cleared_at is null and probe_at <= now()
     returning ${columns}`,
    [provider, firstSeconds, mostSeconds],
  );
  return rows[0] ?? null;
}

/** Close a provider's open fault of this area. @returns whether there was one */
export async function clearFault(provider: ProviderKey, area: AppFaultArea): Promise<boolean> {
  const { rowCount } = await poolOf('engine').query(
    `update provider_app_faults set cleared_at = now()
      where provider = $1 and area = $2 and cleared_at is null`,
    [provider, area],
  );
  return (rowCount ?? 0) > 0;
}

/** Put on record that a tenant has met a refusal that may be ours, or forget that it has. */
export async function doubtApp(
  provider: ProviderKey,
  code: string,
  tenantId: TenantId,
): Promise<{ readonly doubting: readonly TenantId[]; readonly others: number }> {
  const pool = poolOf('engine');
  await pool.query(
    `insert into provider_app_doubts (provider, code, tenant_id) values ($1, $2, $3)
     on conflict (provider, code, tenant_id) do update set seen_at = now()`,
    [provider, code, tenantId],
  );
  await pool.query(`delete from provider_app_doubts where seen_at < now() - interval '1 hour'`);
  const { rows } = await pool.query<{ doubting: TenantId[]; others: number }>(
    `${acrossTenantsMark('a refusal that every tenant meets is our own fault')}
     with doubting as (select tenant_id from provider_app_doubts where provider = $1 and code = $2)
     select array(select tenant_id from doubting) as doubting,
            (select count(distinct tenant_id)::int from connections
              where provider = $1 and state in ('active', 'degraded')
                and tenant_id not in (select tenant_id from doubting)) as others`,
    [provider, code],
  );
  return rows[0] ?? { doubting: [], others: 0 };
}

/** A fault that is over and that staff have not been told of. */
export interface EndedFault {
  readonly id: AppFaultId;
  readonly provider: ProviderKey;
  readonly code: string | null;
  readonly since: Date;
  readonly clearedAt: Date;
  /** Who of staff had a mail about it while it lasted. */
  readonly told: readonly UserId[];
}

/** Take the faults that have ended since staff were last told so: each is given out once. */
export async function takeEndedFaults(): Promise<readonly EndedFault[]> {
  const { rows } = await poolOf('engine').query<EndedFault>(
    `update provider_app_faults f set recovery_told_at = now()
      where cleared_at is not null and recovery_told_at is null
     returning id, provider, code, since, cleared_at as "clearedAt",
               array(select m.user_id from alerts a join alert_mails m on m.alert_id = a.id
                      where a.rule = 'provider_app_fault' and a.subject = f.id) as told`,
  );
  return rows;
}
