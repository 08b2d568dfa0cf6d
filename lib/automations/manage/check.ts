import { z } from 'zod';
import { and, type ConnectionId, eq, type TenantContext, type TenantTransaction } from '@/db';
import { type AutomationTrigger, connections } from '@/db/schema';
import { stateMeanings } from '@/lib/connections/contract';
import { found, PublicError } from '@/lib/errors';
import { type Authority, authorityNames, providerNames } from '@/lib/providers';
import { can, type MemberContext } from '@/lib/tenancy';
import type { ConnectionKind } from '../actions/capabilities';
import { checkSchedule, nextTime } from '../schedule';
import type { Template } from '../templates/template';
import type { AutomationInput } from './input';

export interface CheckedAutomation {
  readonly name: string;
  readonly connectionId: ConnectionId;
  readonly parameters: Record<string, unknown>;
  readonly trigger: AutomationTrigger;
}

type Fields = Record<string, string>;

function checkParameters(template: Template, given: unknown, fields: Fields): unknown {
  const result = template.parameters.safeParse(given);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    fields[`parameters.${String(issue.path[0])}`] ??= issue.message;
  }
  return {};
}

function checkTrigger(trigger: AutomationTrigger, now: Date, fields: Fields): void {
  if (trigger.type !== 'schedule') return;
  const check = checkSchedule(trigger.cron, trigger.timeZone, now);
  if (!check.ok) fields[`trigger.${check.field}`] = check.message;
}

/** Whether a template can work over such a connection. */
export function fits({ kinds }: Template, { provider, authority }: ConnectionKind): boolean {
  return kinds.some((kind) => kind.provider === provider && kind.authority === authority);
}

const personSchema = z.email().max(254);

/**
 * Whose mail, calendar or files an organisation's connection is to work with, kept beside the
 * template's own parameters; null where nobody has to be named. For somebody else only those may say
 * so who look after the connection.
 */
function checkPerson(
  context: MemberContext,
  template: Template,
  authority: Authority,
  given: unknown,
  fields: Fields,
): string | null {
  if (authority !== 'application' || !template.concernsPerson) return null;
  const person = personSchema.safeParse(typeof given === 'string' ? given.trim() : given);
  if (person.success) {
    const address = person.data.toLowerCase();
    if (address === context.email || can(context.role, 'connections:manage')) return address;
    fields['parameters.person'] =
      'You may only work with your own mail, calendar and files. Ask an owner or admin for others.';
    return null;
  }
  fields['parameters.person'] = 'Give the mail address of the person whom it is about.';
  return null;
}

type Judged = Pick<typeof connections.$inferSelect, 'provider' | 'authority' | 'state' | 'scopes'>;

/** Permissions that a template takes and a connection that works was not given (yet). */
export function missingPermissions(template: Template, connection: Judged) {
  if (!fits(template, connection)) return [];
  return template.permissions(connection).filter(({ scope }) => !connection.scopes.includes(scope));
}

/** What is missing at a connection for a template, in plain words; null when nothing is. */
export function connectionFault(template: Template, connection: Judged): string | null {
  if (!fits(template, connection)) {
    const kinds = template.kinds.map(
      ({ provider, authority }) =>
        `${providerNames[provider]} (${authorityNames[authority].toLowerCase()})`,
    );
    return `This needs a connection to ${kinds.join(' or ')}.`;
  }
  if (connection.state !== 'active' && connection.state !== 'degraded') {
    return `${stateMeanings[connection.state]} Choose another, or connect it again first.`;
  }
  const missing = missingPermissions(template, connection);
  if (missing.length === 0) return null;
  const titles = missing.map(({ title }) => `“${title}”`).join(', ');
  return `This connection was not allowed all that is needed: ${titles}. Allow it on its page.`;
}

async function checkConnection(
  tx: TenantTransaction,
  { tenantId }: TenantContext,
  template: Template,
  id: ConnectionId,
  fields: Fields,
): Promise<Authority> {
  const [row] = await tx
    .select({
      provider: connections.provider,
      authority: connections.authority,
      state: connections.state,
      scopes: connections.scopes,
    })
    .from(connections)
    .where(and(eq(connections.tenantId, tenantId), eq(connections.id, id)));
  const connection = found(row);
  const fault = connectionFault(template, connection);
  if (fault) fields.connectionId = fault;
  return connection.authority;
}

/**
 * Check all of an automation at once, so that a person sees every fault in one go.
 * @throws PublicError `invalid_input` with a message by field; `not_found` for a connection that is
 *   absent or another tenant's
 */
export async function checkAutomation(
  tx: TenantTransaction,
  context: MemberContext,
  template: Template,
  input: AutomationInput,
  now = new Date(),
): Promise<CheckedAutomation> {
  const fields: Fields = {};
  const parameters = checkParameters(template, input.parameters, fields);
  checkTrigger(input.trigger, now, fields);
  const authority = await checkConnection(tx, context, template, input.connectionId, fields);
  const person = checkPerson(context, template, authority, input.parameters.person, fields);
  if (Object.keys(fields).length > 0) {
    throw new PublicError('invalid_input', 'Please look at the marked fields again.', { fields });
  }
  return {
    name: input.name,
    connectionId: input.connectionId,
    parameters: { ...(parameters as object), ...(person === null ? {} : { person }) },
    trigger: input.trigger,
  };
}

/** When a trigger fires next after `now`; null for one that waits for a person. */
export function nextRunOf(trigger: AutomationTrigger, enabled: boolean, now: Date): Date | null {
  if (!enabled || trigger.type !== 'schedule') return null;
  return nextTime(trigger.cron, trigger.timeZone, now);
}
