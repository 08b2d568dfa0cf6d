import { asc, eq, ilike, type PlatformTransaction, sql, type TenantId, type UserId } from '@/db';
import {
  auditEvents,
  connections,
  everyEvent,
  personWords,
  runs,
  tenantAccessLogs,
  tenants,
  users,
} from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { eventsFound } from '@/lib/audit';
import { type PaletteHit, type PaletteHits, shortestQuery } from '@/lib/palette/contract';
import { lookAsStaff, type Shows } from '@/lib/platform';
import { providerNames } from '@/lib/providers/contract';
import { runWithId } from './rows';

/** Hits of each kind. */
const most = 6;
/** People read before the best are chosen: a name of two letters may be everybody's. */
const readPeople = 60;

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `%` and `_` are letters to the person who types them. */
const escaped = (text: string) => text.replace(/[\\%_]/g, '\\$&');

async function tenantsNamed(tx: PlatformTransaction, q: string): Promise<PaletteHit[]> {
  const rows = await tx
    .select({ id: tenants.id, name: tenants.name, state: tenants.state })
    .from(tenants)
    .where(ilike(tenants.name, `%${escaped(q)}%`))
    // What begins so comes first.
    .orderBy(sql`${tenants.name} ilike ${`${escaped(q)}%`} desc`, asc(tenants.name))
    .limit(most);
  return rows.map(tenantHit);
}

const tenantHit = ({ id, name, state }: { id: string; name: string; state: string }) =>
  ({
    kind: 'tenant',
    id,
    label: name,
    hint: state === 'active' ? 'Tenant' : `Tenant, ${state}`,
    href: `/admin/tenants/${id}`,
  }) as const;

const personHit = ({ id, name, email }: { id: string; name: string; email: string }) =>
  ({ kind: 'person', id, label: name, hint: email, href: `/admin/people/${id}` }) as const;

const people = { id: users.id, name: users.name, email: users.email };

/** Each word must begin a word of the name or the address. */
async function peopleCalled(tx: PlatformTransaction, q: string): Promise<PaletteHit[]> {
  const words = q.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length === 0) return [];
  const wanted = words.map((word) => `'${word}':*`).join(' & ');
  const rows = await tx
    .select(people)
    .from(users)
    .where(sql`${personWords(users.name, users.email)} @@ to_tsquery('simple', ${wanted})`)
    .limit(readPeople);
  const first = q.toLowerCase();
  const place = ({ name, email }: { name: string; email: string }) =>
    email === first || name.toLowerCase().startsWith(first) ? 0 : 1;
  return rows
    .toSorted((a, b) => place(a) - place(b) || a.name.localeCompare(b.name))
    .slice(0, most)
    .map(personHit);
}

/** Whatever has this id: an id is pasted from a log line, a mail, a page. */
async function withId(tx: PlatformTransaction, id: string, shows: Shows): Promise<PaletteHit[]> {
  const own = tenants.id;
  const [tenant] = await tx
    .select({ id: own, name: tenants.name, state: tenants.state })
    .from(tenants)
    .where(eq(own, id as TenantId));
  const [person] = await tx
    .select(people)
    .from(users)
    .where(eq(users.id, id as UserId));
  const [run] = await tx
    .select({ id: runs.id, tenantId: runs.tenantId, state: runs.state, tenant: tenants.name })
    .from(runs)
    .innerJoin(tenants, eq(tenants.id, runs.tenantId))
    .where(runWithId(id));
  const [connection] = await tx
    .select({
      id: connections.id,
      tenantId: connections.tenantId,
      provider: connections.provider,
      tenant: tenants.name,
    })
    .from(connections)
    .innerJoin(tenants, eq(tenants.id, connections.tenantId))
    .where(sql`${connections.id}::text = ${id}`);
  const [event] = await tx
    .select({
      id: auditEvents.id,
      tenantId: auditEvents.tenantId,
      requestId: auditEvents.requestId,
      tenant: tenants.name,
    })
    .from(auditEvents)
    .innerJoin(tenants, eq(tenants.id, auditEvents.tenantId))
    .where(eventsFound((of) => [sql`${everyEvent(of.id)} = ${id}::uuid`]));
  shows([run, connection, event].map((found) => found?.tenantId ?? null));
  return [
    ...(tenant ? [tenantHit(tenant)] : []),
    ...(person ? [personHit(person)] : []),
    ...(run
      ? [
          {
            kind: 'run' as const,
            id: run.id,
            label: `Run of ${run.tenant}`,
            hint: run.state,
            href: `/admin/runs/${run.id}`,
          },
        ]
      : []),
    ...(connection
      ? [
          {
            kind: 'connection' as const,
            id: connection.id,
            label: `${providerNames[connection.provider]} of ${connection.tenant}`,
            hint: 'Connection',
            href: `/admin/audit?connection=${connection.id}`,
          },
        ]
      : []),
    ...(event
      ? [
          {
            kind: 'event' as const,
            id: event.id,
            label: `Event of ${event.tenant}`,
            hint: 'Audit event',
            href: `/admin/requests/${encodeURIComponent(event.requestId)}`,
          },
        ]
      : []),
  ];
}

/** Whether what is typed could be the id of something: requests' are chosen by their callers. */
const looksLikeId = (q: string) => q.length >= 8 && /\d/.test(q) && !/\s/.test(q);

/** A request whose id is on record. Its callers may have chosen it, so that any text may be one. */
async function requestCalled(tx: PlatformTransaction, q: string): Promise<PaletteHit[]> {
  const [event] = await tx
    .select({ requestId: auditEvents.requestId })
    .from(auditEvents)
    .where(eventsFound((of) => [sql`lower(${of.requestId}) = lower(${q})`], { limit: 1 }))
    .limit(1);
  const [denial] = event
    ? [event]
    : await tx
        .select({ requestId: tenantAccessLogs.requestId })
        .from(tenantAccessLogs)
        .where(sql`lower(${tenantAccessLogs.requestId}) = lower(${q})`)
        .limit(1);
  if (!denial) return [];
  const id = denial.requestId;
  return [
    {
      kind: 'request',
      id,
      label: `Request ${id}`,
      hint: 'Request',
      href: `/admin/requests/${encodeURIComponent(id)}`,
    },
  ];
}

/**
 * What the support console's palette leads to: tenants and people by name, and whatever an id that was
 * pasted belongs to. Only names and ids are shown; what is opened leaves its own look.
 *
 * Typing on leaves no row to each letter: a search that only narrows one which is on record within the
 * last minutes, and finds nobody else, is part of it (see `lookAsStaff`).
 */
export async function searchPalette(staff: StaffContext, typed: string): Promise<PaletteHits> {
  const q = typed.trim();
  if (q.length < shortestQuery) return { hits: [] };
  const exact = looksLikeId(q);
  const look = { action: 'palette.searched', filter: { q }, exact } as const;
  return lookAsStaff(staff, look, async (tx, shows) => {
    const hits = uuid.test(q)
      ? [...(await withId(tx, q.toLowerCase(), shows)), ...(await requestCalled(tx, q))]
      : [
          ...(await tenantsNamed(tx, q)),
          ...(await peopleCalled(tx, q)),
          ...(await requestCalled(tx, q)),
        ];
    const idsOf = (wanted: PaletteHit['kind']) =>
      hits.flatMap(({ kind, id }) => (kind === wanted ? [id] : []));
    shows(idsOf('tenant'), idsOf('person'));
    return { hits };
  });
}
