import {
  type Authority,
  authorities,
  findWay,
  type ProviderKey,
  providerKeys,
} from '@/lib/providers';
import type { PermissionView } from '../contract';

/** What an action needs to be allowed to do, whichever provider does it. */
export type Capability =
  | 'mail.read'
  | 'mail.label'
  | 'mail.send'
  | 'calendar.read'
  | 'calendar.write'
  | 'files.read'
  | 'channels.post'
  | 'channels.manage';

/** A provider, and in whose name a connection acts there. */
export interface ConnectionKind {
  readonly provider: ProviderKey;
  readonly authority: Authority;
}

type Scopes = Readonly<Partial<Record<Capability, readonly string[]>>>;

const google = (name: string) => `https://www.googleapis.com/auth/${name}`;
const googleScopes: Scopes = {
  'mail.read': [google('gmail.modify')],
  'mail.label': [google('gmail.modify')],
  'mail.send': [google('gmail.modify')],
  'calendar.read': [google('calendar.readonly')],
  'calendar.write': [google('calendar.events')],
  'files.read': [google('drive.metadata.readonly')],
};

/** The scopes that give a capability; what a kind of connection cannot do is not in it. */
const scopes: Readonly<Partial<Record<`${ProviderKey} ${Authority}`, Scopes>>> = {
  'google delegated': googleScopes,
  'google application': googleScopes,
  'microsoft delegated': {
    'mail.read': ['Mail.ReadWrite'],
    'mail.label': ['Mail.ReadWrite', 'MailboxSettings.ReadWrite'],
    'mail.send': ['Mail.Send'],
    'calendar.read': ['Calendars.Read'],
    'calendar.write': ['Calendars.ReadWrite'],
    'files.read': ['Files.Read'],
    'channels.post': ['ChannelMessage.Send'],
  },
  // No app posts to a channel of Teams as itself: https://learn.microsoft.com/graph/api/chatmessage-post
  'microsoft application': {
    'mail.read': ['Mail.ReadWrite'],
    'mail.label': ['Mail.ReadWrite', 'MailboxSettings.ReadWrite'],
    'mail.send': ['Mail.Send'],
    'calendar.read': ['Calendars.ReadWrite'],
    'calendar.write': ['Calendars.ReadWrite'],
    'files.read': ['Files.Read.All'],
  },
  'slack application': {
    // A channel that it is not in is joined first, and nobody knows beforehand.
    'channels.post': ['chat:write', 'channels:join'],
    'channels.manage': ['channels:manage', 'users:read.email'],
  },
};

const scopesOf = ({ provider, authority }: ConnectionKind): Scopes =>
  scopes[`${provider} ${authority}`] ?? {};

/** The kinds of connection that can do all of this. */
export function kindsFor(capabilities: readonly Capability[]): readonly ConnectionKind[] {
  return providerKeys
    .flatMap((provider) => authorities.map((authority) => ({ provider, authority })))
    .filter((kind) => capabilities.every((capability) => capability in scopesOf(kind)));
}

/** Whether it is about what belongs to one person, whom a whole organisation's connection must be told. */
export function concernsPerson(capabilities: readonly Capability[]): boolean {
  return capabilities.some((capability) => !capability.startsWith('channels.'));
}

/** The permissions that these capabilities take, each once, with the words shown. */
export function permissionsFor(
  kind: ConnectionKind,
  capabilities: readonly Capability[],
): readonly PermissionView[] {
  const table = scopesOf(kind);
  const known = findWay(kind.provider, kind.authority)?.scopes ?? [];
  const needed = new Set(capabilities.flatMap((capability) => table[capability] ?? []));
  return [...needed].map((scope) => ({
    scope,
    title: known.find((one) => one.scope === scope)?.title ?? scope,
  }));
}
