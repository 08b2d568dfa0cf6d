import { z } from 'zod';
import {
  type AutomationId,
  alias,
  and,
  asc,
  desc,
  eq,
  inArray,
  isNull,
  lt,
  type SQL,
  sql,
  type TenantContext,
  tenantDb,
} from '@/db';
import { automations, connections, resources, runs, users } from '@/db/schema';
import { nameOf } from '@/lib/connections/contract';
import { found } from '@/lib/errors';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import type { AutomationRow, AutomationView, Choice, ConnectionChoice, LastRun } from '../contract';
import { findTemplate } from '../templates/registry';
import type { Template } from '../templates/template';
import { connectionFault, fits, missingPermissions } from './check';

const position = z.tuple([z.uuid().transform((id) => id as AutomationId)]);

/** Calendars and channels that a form offers, by name. */
const mostChoices = 1_000;

const columns = {
  id: automations.id,
  name: automations.name,
  template: automations.template,
  parameters: automations.parameters,
  trigger: automations.trigger,
  enabled: automations.enabled,
  nextRunAt: automations.nextRunAt,
  createdAt: automations.createdAt,
  archivedAt: automations.archivedAt,
  createdBy: users.name,
  connectionId: connections.id,
  provider: connections.provider,
  accountEmail: connections.accountEmail,
  organizationName: connections.organizationName,
  connectionState: connections.state,
};

function select(context: TenantContext, ...conditions: SQL[]) {
  return tenantDb(context)
    .select(columns)
    .from(automations)
    .innerJoin(
      connections,
      and(
        eq(connections.tenantId, automations.tenantId),
        eq(connections.id, automations.connectionId),
      ),
    )
    .leftJoin(users, eq(users.id, automations.createdBy))
    .where(and(eq(automations.tenantId, context.tenantId), ...conditions));
}
type Row = Awaited<ReturnType<typeof select>>[number];

/** The newest run of each of these automations. */
async function lastRuns(
  context: TenantContext,
  ids: readonly AutomationId[],
): Promise<ReadonlyMap<string, LastRun>> {
  if (ids.length === 0) return new Map();
  const newer = alias(runs, 'newer');
  const newest = sql`${runs.id} = (
    select ${newer.id} from ${runs} as ${sql.identifier('newer')}
     where ${newer.tenantId} = ${runs.tenantId} and ${newer.automationId} = ${runs.automationId}
     order by ${newer.createdAt} desc limit 1)`;
  const rows = await tenantDb(context)
    .select({
      id: runs.id,
      automationId: runs.automationId,
      state: runs.state,
      dryRun: runs.dryRun,
      at: runs.createdAt,
    })
    .from(runs)
    .where(and(eq(runs.tenantId, context.tenantId), inArray(runs.automationId, [...ids]), newest));
  return new Map(
    rows.map(({ automationId, at, ...run }) => [automationId, { ...run, at: at.toISOString() }]),
  );
}

function toRow(row: Row, last: ReadonlyMap<string, LastRun>): AutomationRow {
  const template = findTemplate(row.template)?.view();
  return {
    id: row.id,
    name: row.name,
    template: row.template,
    templateTitle: template?.title ?? row.template,
    icon: template?.icon ?? null,
    trigger: row.trigger,
    enabled: row.enabled,
    nextRunAt: row.nextRunAt?.toISOString() ?? null,
    connection: {
      id: row.connectionId,
      label: nameOf(row),
      state: row.connectionState,
    },
    lastRun: last.get(row.id) ?? null,
  };
}

/**
 * The tenant's automations, newest first; archived ones are left out.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export async function listAutomations(
  context: TenantContext,
  cursor?: string,
): Promise<Slice<AutomationRow>> {
  const conditions = [isNull(automations.archivedAt)];
  if (cursor) conditions.push(lt(automations.id, decodeCursor(position, cursor)[0]));
  const rows = await select(context, ...conditions)
    .orderBy(desc(automations.id))
    .limit(pageSize + 1);
  const slice = toSlice(rows, ({ id }) => [id]);
  const last = await lastRuns(
    context,
    slice.items.map(({ id }) => id),
  );
  return { ...slice, items: slice.items.map((row) => toRow(row, last)) };
}

/** One automation, archived or not. @throws PublicError `not_found` */
export async function readAutomation(
  context: TenantContext,
  id: AutomationId,
): Promise<AutomationView> {
  const [[first], last] = await Promise.all([
    select(context, eq(automations.id, id)),
    lastRuns(context, [id]),
  ]);
  const row = found(first);
  return {
    ...toRow(row, last),
    parameters: row.parameters,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    archivedAt: row.archivedAt?.toISOString() ?? null,
  };
}

/** Names of all automations, for a filter; archived ones too, since their runs are still there. */
export function automationNames(context: TenantContext) {
  return tenantDb(context)
    .select({ id: automations.id, name: automations.name })
    .from(automations)
    .where(eq(automations.tenantId, context.tenantId))
    .orderBy(asc(automations.name))
    .limit(500);
}

/** Calendars and channels that discovery has found, by kind and connection; the form offers them. */
async function choicesOf(context: TenantContext) {
  const rows = await tenantDb(context)
    .select({
      connectionId: resources.connectionId,
      kind: resources.kind,
      id: resources.providerId,
      name: resources.name,
    })
    .from(resources)
    .where(
      and(
        eq(resources.tenantId, context.tenantId),
        inArray(resources.kind, ['calendar', 'channel']),
        isNull(resources.goneAt),
      ),
    )
    .orderBy(asc(resources.sortName), asc(resources.id))
    .limit(mostChoices);
  const found = new Map<string, Choice[]>();
  for (const { connectionId, kind, id, name } of rows) {
    const key = `${kind} ${connectionId}`;
    found.set(key, [...(found.get(key) ?? []), { id, name }]);
  }
  return (kind: 'calendar' | 'channel', connectionId: string) =>
    found.get(`${kind} ${connectionId}`) ?? [];
}

/** The connections that a template can work over, each with what stands in its way. */
export async function connectionChoices(
  context: TenantContext,
  template: Template,
): Promise<readonly ConnectionChoice[]> {
  const [rows, choices] = await Promise.all([
    tenantDb(context)
      .select()
      .from(connections)
      .where(
        and(
          eq(connections.tenantId, context.tenantId),
          inArray(connections.provider, [
            ...new Set(template.kinds.map(({ provider }) => provider)),
          ]),
        ),
      )
      .orderBy(asc(connections.id))
      .limit(200),
    choicesOf(context),
  ]);
  return rows
    .filter(({ state }) => state !== 'pending' && state !== 'disconnected')
    .filter((row) => fits(template, row))
    .map((row) => ({
      id: row.id,
      provider: row.provider,
      authority: row.authority,
      label: nameOf(row),
      state: row.state,
      fault: connectionFault(template, row),
      missing: missingPermissions(template, row).map(({ scope }) => scope),
      calendars: choices('calendar', row.id),
      channels: choices('channel', row.id),
    }));
}
