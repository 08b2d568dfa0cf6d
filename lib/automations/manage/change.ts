import { isDeepStrictEqual } from 'node:util';
import {
  type AutomationId,
  and,
  eq,
  isNull,
  newId,
  type TenantContext,
  type TenantTransaction,
  withTenant,
} from '@/db';
import { automations, connections } from '@/db/schema';
import { type AuditAction, recordAudit } from '@/lib/audit';
import { found, PublicError } from '@/lib/errors';
import { allowAutomation } from '@/lib/limits';
import type { MemberContext } from '@/lib/tenancy';
import { findTemplate, requireTemplate } from '../templates/registry';
import { checkAutomation, missingPermissions, nextRunOf } from './check';
import type { AutomationInput } from './input';

type Row = typeof automations.$inferSelect;

const own = ({ tenantId }: TenantContext, id: AutomationId) =>
  and(eq(automations.tenantId, tenantId), eq(automations.id, id), isNull(automations.archivedAt));

async function lockAutomation(
  tx: TenantTransaction,
  context: TenantContext,
  id: AutomationId,
): Promise<Row> {
  const [row] = await tx.select().from(automations).where(own(context, id)).for('update');
  return found(row);
}

function record(
  tx: TenantTransaction,
  context: MemberContext,
  action: AuditAction,
  automation: Pick<Row, 'id' | 'name' | 'connectionId'>,
  details: Readonly<Record<string, unknown>>,
) {
  return recordAudit(tx, context, {
    action,
    target: { type: 'automation', id: automation.id, name: automation.name },
    connectionId: automation.connectionId,
    details,
  });
}

/**
 * Make an automation from a template; a scheduled one is on at once.
 * @throws PublicError `invalid_input` by field, `not_found` for an unknown template or connection;
 *   `conflict` when the organisation may not have more
 */
export function createAutomation(
  context: MemberContext,
  input: AutomationInput & { readonly template: string },
): Promise<AutomationId> {
  return withTenant(context, async (tx) => {
    const now = new Date();
    const template = requireTemplate(input.template);
    const checked = await checkAutomation(tx, context, template, input, now);
    await allowAutomation(tx, context, 1);
    const id = newId<AutomationId>();
    await tx.insert(automations).values({
      tenantId: context.tenantId,
      id,
      template: template.key,
      ...checked,
      nextRunAt: nextRunOf(checked.trigger, true, now),
      createdBy: context.userId,
    });
    await record(
      tx,
      context,
      'automation.created',
      { id, ...checked },
      {
        template: template.key,
        parameters: checked.parameters,
        trigger: checked.trigger,
      },
    );
    return id;
  });
}

const editable = ['name', 'connectionId', 'parameters', 'trigger'] as const;

/** What an edit changed, before and after. */
function differences(before: Row, after: Pick<Row, (typeof editable)[number]>) {
  const changed = editable.filter((key) => !isDeepStrictEqual(before[key], after[key]));
  return {
    before: Object.fromEntries(changed.map((key) => [key, before[key]])),
    after: Object.fromEntries(changed.map((key) => [key, after[key]])),
  };
}

/**
 * Change an automation. A run under way keeps what it was asked for with.
 * @throws PublicError `invalid_input` by field, `not_found`
 */
export function updateAutomation(
  context: MemberContext,
  id: AutomationId,
  input: AutomationInput,
): Promise<void> {
  return withTenant(context, async (tx) => {
    const now = new Date();
    const before = await lockAutomation(tx, context, id);
    const checked = await checkAutomation(
      tx,
      context,
      requireTemplate(before.template),
      input,
      now,
    );
    await tx
      .update(automations)
      .set({
        ...checked,
        nextRunAt: nextRunOf(checked.trigger, before.enabled, now),
        updatedAt: now,
      })
      .where(own(context, id));
    await record(
      tx,
      context,
      'automation.updated',
      { id, ...checked },
      differences(before, checked),
    );
  });
}

/** @throws PublicError `conflict` when its template is gone, or needs what was not allowed */
async function requireStartable(
  tx: TenantTransaction,
  context: TenantContext,
  automation: Row,
): Promise<void> {
  const template = findTemplate(automation.template);
  if (!template) {
    throw new PublicError('conflict', 'This version does not have its template any more.');
  }
  const [connection] = await tx
    .select()
    .from(connections)
    .where(
      and(eq(connections.tenantId, context.tenantId), eq(connections.id, automation.connectionId)),
    );
  const missing = missingPermissions(template, found(connection));
  if (missing.length === 0) return;
  const titles = missing.map(({ title }) => `“${title}”`).join(', ');
  throw new PublicError(
    'conflict',
    `Its connection was not allowed all that is needed: ${titles}. Allow it on the connection’s page first.`,
  );
}

/**
 * Switch an automation on or off. Off, its schedule rests and it can't be started.
 * @throws PublicError `not_found`, `conflict`
 */
export function enableAutomation(
  context: MemberContext,
  id: AutomationId,
  enabled: boolean,
): Promise<void> {
  return withTenant(context, async (tx) => {
    const now = new Date();
    const automation = await lockAutomation(tx, context, id);
    if (automation.enabled === enabled) return;
    if (enabled) {
      await allowAutomation(tx, context, 0);
      await requireStartable(tx, context, automation);
    }
    await tx
      .update(automations)
      .set({ enabled, nextRunAt: nextRunOf(automation.trigger, enabled, now), updatedAt: now })
      .where(own(context, id));
    await record(
      tx,
      context,
      enabled ? 'automation.enabled' : 'automation.disabled',
      automation,
      {},
    );
  });
}

/**
 * Take an automation away; its runs stay on record.
 * @param confirm its exact name, typed
 * @throws PublicError `invalid_input` when the name is another, `not_found`
 */
export function archiveAutomation(
  context: MemberContext,
  id: AutomationId,
  confirm: string,
): Promise<void> {
  return withTenant(context, async (tx) => {
    const now = new Date();
    const automation = await lockAutomation(tx, context, id);
    if (confirm !== automation.name) {
      throw new PublicError('invalid_input', 'The name does not match.', {
        fields: { confirm: 'Type the name exactly as it is shown.' },
      });
    }
    await tx
      .update(automations)
      .set({ archivedAt: now, enabled: false, nextRunAt: null, updatedAt: now })
      .where(own(context, id));
    await record(tx, context, 'automation.archived', automation, {});
  });
}
