import { env } from '@/lib/env';
import { type ProviderKey, providerNames } from '@/lib/providers';
import { type IncidentKind, incidentAdvice, incidentTitles } from './contract';

/** Connections that one mail names; of more it says how many. */
const named = 20;

/** An incident as a mail tells of it. */
export interface ToldIncident {
  readonly connectionId: string;
  readonly provider: ProviderKey;
  readonly name: string;
  readonly kind: IncidentKind;
  readonly reason: string | null;
  readonly since: Date;
  readonly endedAt: Date | null;
  /** Automations that are switched on and use it. */
  readonly waiting: number;
}

/** Characters that a mail shows of a name, and of a reason. */
const longest = { name: 120, reason: 300 } as const;

/**
 * What somebody else has chosen, on one line. What is too long ends with a whole sentence, or else,
 * where that would leave little, with a whole word and an ellipsis.
 */
function plain(text: string, most: number = longest.name): string {
  const line = text.replace(/[\p{C}\p{Z}\s]+/gu, ' ').trim();
  if (line.length <= most) return line;
  const room = line.slice(0, most);
  const sentences = /^.*[.!?](?= )/u.exec(room)?.[0];
  if (sentences && sentences.length > most / 2) return sentences;
  const word = room.lastIndexOf(' ');
  return `${room.slice(0, word > 0 ? word : most - 1)}…`;
}

const moment = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const what = ({ provider, name }: ToldIncident) =>
  name === providerNames[provider] ? name : `${providerNames[provider]}, ${plain(name)}`;
const link = ({ connectionId }: ToldIncident) => `  ${env.APP_URL}/connections/${connectionId}`;

function paused(waiting: number): string {
  if (waiting === 0) return 'No automation that is switched on uses it.';
  return waiting === 1 ? '1 automation waits for it.' : `${waiting} automations wait for it.`;
}

const brokenLines = (incident: ToldIncident) =>
  [
    `${what(incident)} ${incidentTitles[incident.kind]}`,
    ...(incident.reason ? [`  ${plain(incident.reason, longest.reason)}`] : []),
    `  Since ${moment(incident.since)}. ${paused(incident.waiting)}`,
    `  ${incidentAdvice[incident.kind]}`,
    link(incident),
  ].join('\n');

const recoveredLines = (incident: ToldIncident) =>
  [
    `${what(incident)} works again`,
    `  It did not from ${moment(incident.since)}${
      incident.endedAt ? ` to ${moment(incident.endedAt)}` : ''
    }. Its automations go on by themselves.`,
    link(incident),
  ].join('\n');

const list = (incidents: readonly ToldIncident[], lines: (one: ToldIncident) => string) => [
  ...incidents.slice(0, named).map(lines),
  ...(incidents.length > named
    ? [`And ${incidents.length - named} more: ${env.APP_URL}/connections`]
    : []),
];

function subjectOf(broken: readonly ToldIncident[], recovered: readonly ToldIncident[]): string {
  const [one] = broken.length > 0 ? broken : recovered;
  if (broken.length === 1 && one) return `${what(one)} ${incidentTitles[one.kind]}`;
  if (broken.length > 1) return `${broken.length} connections need you`;
  if (recovered.length === 1 && one) return `${what(one)} works again`;
  return `${recovered.length} connections work again`;
}

/** One mail about everything there is to tell; null when there is nothing. */
export function mailOf(
  broken: readonly ToldIncident[],
  recovered: readonly ToldIncident[],
): { readonly subject: string; readonly text: string } | null {
  if (broken.length + recovered.length === 0) return null;
  return {
    subject: `[Tenantry] ${subjectOf(broken, recovered)}`,
    text: [
      ...list(broken, brokenLines),
      ...list(recovered, recoveredLines),
      'You get this because you look after the connections of your organisation. We write once when one breaks, and once when it works again.',
    ].join('\n\n'),
  };
}
