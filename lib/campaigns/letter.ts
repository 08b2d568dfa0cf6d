import type { connections, reconsentRequests } from '@/db/schema';
import { nameOf } from '@/lib/connections';
import { env } from '@/lib/env';
import { findWay, providerNames } from '@/lib/providers';
import { dayOf } from './contract';

type Connection = Pick<
  typeof connections.$inferSelect,
  'id' | 'provider' | 'authority' | 'state' | 'accountEmail' | 'organizationName'
>;
type Request = Pick<
  typeof reconsentRequests.$inferSelect,
  'scopes' | 'message' | 'deadline' | 'requestedName' | 'mails'
>;

export interface Asked {
  readonly connection: Connection;
  readonly request: Request;
}

/** The button on the connection's page that gives what is asked: what works lacks a permission only. */
function buttonFor({ connection: { provider, authority, state }, request }: Asked): string {
  const works = state === 'active' || state === 'degraded';
  const byKey = findWay(provider, authority)?.form === 'service_account';
  return works && request.scopes.length > 0 && !byKey ? 'Allow …' : 'Connect again';
}

/** Whose consent it takes: one person's account is given again by that person, and by no administrator. */
const holderOf = ({ connection }: Asked) =>
  connection.authority === 'application'
    ? `If somebody else administers ${providerNames[connection.provider]} in your organisation`
    : `If ${nameOf(connection)} is somebody else’s account`;

/**
 * What owners and admins of a tenant get by mail.
 * @param link for whoever can consent at the provider, without an account here, if there is one
 */
export function letter(asked: Asked, link: string | null) {
  const { connection, request } = asked;
  const name = nameOf(connection);
  const provider = providerNames[connection.provider];
  const more = request.scopes.length > 0;
  const day = dayOf(request.deadline);
  const please = request.mails > 0 ? 'Reminder: please' : 'Please';
  return {
    subject: more
      ? `${please} allow more for ${name} by ${day}`
      : `${please} connect ${name} again by ${day}`,
    text: [
      more
        ? `The connection of your organisation to ${provider}, ${name}, lacks a permission.`
        : `The connection of your organisation to ${provider}, ${name}, needs your consent again.`,
      `${request.requestedName} of Tenantry support writes:`,
      request.message,
      `What to do: open ${env.APP_URL}/connections/${connection.id} and choose “${buttonFor(asked)}”. Automations, history and settings stay as they are.`,
      ...(link === null
        ? []
        : [
            `${holderOf(asked)}, hand this link to them. It serves for this connection only, and they need no account here:`,
            link,
          ]),
      `Please do so by ${day}.`,
    ].join('\n\n'),
  };
}
