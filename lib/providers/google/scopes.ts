import type { ProviderScope } from '../contract';

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
    scope: 'https://www.googleapis.com/auth/userinfo.email',
    title: 'See the account’s mail address',
    reason: 'Shown on the connection, so that you know whose it is.',
    required: true,
  },
  {
    scope: 'https://www.googleapis.com/auth/gmail.modify',
    title: 'Read, label and send mail',
    reason: 'Automations search and label messages and send what you set up. Nothing is deleted.',
    required: true,
  },
  {
    scope: 'https://www.googleapis.com/auth/drive.metadata.readonly',
    title: 'See what files there are and who can open them',
    reason: 'Names, owners and sharing only: the contents of files stay out of reach.',
    required: true,
  },
  {
    scope: 'https://www.googleapis.com/auth/calendar.readonly',
    title: 'See calendars and their events',
    reason: 'For the list of calendars and for agendas.',
    required: true,
  },
  {
    scope: 'https://www.googleapis.com/auth/calendar.events',
    title: 'Add events to calendars',
    reason: 'Only for automations that create events.',
    required: false,
  },
] as const satisfies readonly ProviderScope[];

/**
 * Whether shared drives may be listed: `drives.list` accepts these two only, which would also open
 * every file's contents to us, so we do not ask for them ourselves.
 */
export function listsSharedDrives(granted: readonly string[]): boolean {
  return ['drive', 'drive.readonly'].some((name) =>
    granted.includes(`https://www.googleapis.com/auth/${name}`),
  );
}

/** Google answers with the long name of a scope that was asked for by its short one. */
const longNames: Readonly<Record<string, string>> = {
  email: 'https://www.googleapis.com/auth/userinfo.email',
  profile: 'https://www.googleapis.com/auth/userinfo.profile',
};

/** The scopes of a token answer: separated by spaces (RFC 6749 §3.3), each once, sorted. */
export function parseScopes(scope: string | undefined): readonly string[] {
  const names = (scope ?? '').split(' ').filter(Boolean);
  return [...new Set(names.map((name) => longNames[name] ?? name))].sort();
}
