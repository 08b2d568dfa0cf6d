import type { Dimensions, MeteredCall, Taking } from './bucket';

/**
 * Held at the published limits, https://learn.microsoft.com/graph/throttling-limits
 *
 * - Outlook: 10,000 requests in 10 minutes and 4 at once, per app and mailbox. In ten minutes at most
 *   `capacity + 600 × perSecond`.
 * - Identity and access: 3,500 units in 10 seconds for the smallest organisations, per app and tenant.
 * - Teams: 20 channel messages a second per app and tenant; 30 reads of a channel.
 * - SharePoint and OneDrive: 1,250 units a minute per app and tenant of up to 1,000 licences.
 */
export const microsoftDimensions: Dimensions = {
  mailbox: {
    budget: { capacity: 1_000, perSecond: 15 },
    atOnce: 4,
    title: 'Mailbox and calendar',
  },
  directory: { budget: { capacity: 1_500, perSecond: 200 }, title: 'Directory' },
  teams: { budget: { capacity: 10, perSecond: 10 }, title: 'Teams' },
  files: { budget: { capacity: 350, perSecond: 15 }, title: 'Files and sites' },
  other: { budget: { capacity: 400, perSecond: 10 }, title: 'Other calls' },
};

const person = /^\/(?:v1\.0|beta)\/(?:me|users\/([^/]+))(?:\/(.+))?$/;
const outlook = /^(messages|mailFolders|sendMail|calendar|calendars|calendarView|events|outlook)\b/;
const files = /^(drive|drives|sites|shares)\b/;
const teams = /^(teams|chats|joinedTeams)\b/;

/** Reading one object costs 1, a listing 2, writing 3: the dearest of each kind, rounded up. */
function directoryUnits(method: string, rest: string): number {
  if (method !== 'GET') return 3;
  return rest === '' || rest.includes('/') ? 1 : 2;
}

export function microsoftDemands({ method, path }: MeteredCall): readonly Taking[] {
  const [, who, own = ''] = person.exec(path) ?? [];
  const rest = person.test(path) ? own : path.replace(/^\/(v1\.0|beta)\//, '');
  if (outlook.test(rest)) {
    return [
      { kind: 'mailbox', which: who ? decodeURIComponent(who).toLowerCase() : undefined, units: 1 },
    ];
  }
  if (files.test(rest)) return [{ kind: 'files', units: method === 'GET' ? 1 : 2 }];
  if (teams.test(rest)) return [{ kind: 'teams', units: 1 }];
  if (/^(\$batch|subscriptions)\b/.test(rest)) return [{ kind: 'other', units: 1 }];
  return [{ kind: 'directory', units: directoryUnits(method, rest) }];
}
