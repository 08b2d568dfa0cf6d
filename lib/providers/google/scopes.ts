import type { ProviderScope } from '../contract';

const auth = <Name extends string>(name: Name) =>
  `https://www.googleapis.com/auth/${name}` as const;

/**
 * The narrowest scopes that do what is offered. Each method's accepted scopes are in Google's
 * discovery documents (https://www.googleapis.com/discovery/v1/apis/{gmail/v1,drive/v3,calendar/v3}/rest).
 */
export const googleScopes = [
  {
    scope: 'openid',
    title: 'Know which account it is',
    reason: 'So that a connection can only be renewed by the account that made it.',
    required: true,
  },
  {
    scope: auth('userinfo.email'),
    title: 'See the account’s mail address',
    reason: 'Shown on the connection, so that you know whose it is.',
    required: true,
  },
  {
    scope: auth('gmail.modify'),
    title: 'Read, label and send mail',
    reason: 'Automations search and label messages and send what you set up. Nothing is deleted.',
    required: true,
  },
  {
    scope: auth('drive.metadata.readonly'),
    title: 'See what files there are and who can open them',
    reason: 'Names, owners and sharing only: the contents of files stay out of reach.',
    required: true,
  },
  {
    scope: auth('calendar.readonly'),
    title: 'See calendars and their events',
    reason: 'For the list of calendars and for agendas.',
    required: true,
  },
  {
    scope: auth('calendar.events'),
    title: 'Add events to calendars',
    reason: 'Only for automations that create events.',
    required: false,
  },
] as const satisfies readonly ProviderScope[];

/** What a service account needs for the whole organisation, in the order people should read it. */
export const delegationScopes = [
  {
    scope: auth('admin.directory.user.readonly'),
    title: 'See who is in the organisation',
    reason: 'Names and mail addresses, to list whose mailboxes, drives and calendars there are.',
    required: true,
  },
  {
    scope: auth('admin.directory.customer.readonly'),
    title: 'See which organisation it is',
    reason: 'Its name and its lasting id, so that no other one can take this connection over.',
    required: true,
  },
  {
    scope: auth('gmail.modify'),
    title: 'Read, label and send everybody’s mail',
    reason: 'Automations search and label messages and send what you set up. Nothing is deleted.',
    required: true,
  },
  {
    scope: auth('drive.metadata.readonly'),
    title: 'See what files there are and who can open them',
    reason: 'Names, owners and sharing only.',
    required: true,
  },
  {
    scope: auth('calendar.readonly'),
    title: 'See everybody’s calendars and their events',
    reason: 'For the list of calendars and for agendas.',
    required: true,
  },
  {
    scope: auth('calendar.events'),
    title: 'Add events to calendars',
    reason: 'Only for automations that create events. You may leave it out.',
    required: false,
  },
  {
    scope: auth('drive.readonly'),
    title: 'List shared drives',
    reason:
      'Google has no narrower permission for this: it would also open files, which we never do. ' +
      'It is used only as the administrator you name. Leave it out, and shared drives are not listed.',
    required: false,
  },
] as const satisfies readonly ProviderScope[];

/** What is only ever asked for in the administrator's name, never in somebody else's. */
const administratorsOnly: readonly string[] = [
  auth('admin.directory.user.readonly'),
  auth('admin.directory.customer.readonly'),
  auth('drive.readonly'),
];

/** What a token that speaks for somebody needs, of all that was allowed. */
export function personScopes(allowed: readonly string[]): readonly string[] {
  return allowed.filter((scope) => !administratorsOnly.includes(scope));
}

/**
 * Whether shared drives may be listed: `drives.list` accepts these two only, which would also open
 * every file's contents to us, so we do not ask a single person for them.
 */
export function listsSharedDrives(granted: readonly string[]): boolean {
  return [auth('drive'), auth('drive.readonly')].some((scope) => granted.includes(scope));
}

/** Google answers with the long name of a scope that was asked for by its short one. */
const longNames: Readonly<Record<string, string>> = {
  email: auth('userinfo.email'),
  profile: auth('userinfo.profile'),
};

/** The scopes of a token answer: separated by spaces (RFC 6749 §3.3), each once, sorted. */
export function parseScopes(scope: string | undefined): readonly string[] {
  const names = (scope ?? '').split(' ').filter(Boolean);
  return [...new Set(names.map((name) => longNames[name] ?? name))].sort();
}
