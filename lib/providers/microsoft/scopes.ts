import type { ProviderScope } from '../contract';

/**
 * What a person is asked for: the least that Microsoft names for each call we make
 * (https://learn.microsoft.com/graph/permissions-reference). None of it takes an administrator by
 * itself; an organisation may still demand one.
 */
export const delegatedScopes = [
  {
    scope: 'openid',
    title: 'Know which account it is',
    reason: 'So that a connection can only be renewed by the account that made it.',
    required: true,
  },
  {
    scope: 'offline_access',
    title: 'Stay connected',
    reason: 'Automations run while you are not here. You can end it at any time.',
    required: true,
  },
  {
    scope: 'User.Read',
    title: 'See your name and mail address',
    reason: 'Shown on the connection, so that you know whose it is.',
    required: true,
  },
  {
    scope: 'Mail.ReadWrite',
    title: 'Read, categorise and move mail',
    reason:
      'Automations search messages, give them categories and archive them. Nothing is deleted.',
    required: true,
  },
  {
    scope: 'MailboxSettings.ReadWrite',
    title: 'Add categories to your mailbox',
    reason:
      'Microsoft keeps the list of categories among the mailbox settings. We change nothing else there.',
    required: true,
  },
  {
    scope: 'Calendars.Read',
    title: 'See calendars and their events',
    reason: 'For the list of calendars and for agendas.',
    required: true,
  },
  {
    scope: 'Files.Read',
    title: 'See your files and who can open them',
    reason:
      'Names, owners and sharing. Microsoft has no narrower permission; we never open a file.',
    required: true,
  },
  {
    scope: 'Team.ReadBasic.All',
    title: 'See which teams you are in',
    reason: 'To list the channels that an automation can post to.',
    required: false,
  },
  {
    scope: 'Channel.ReadBasic.All',
    title: 'See the names of their channels',
    reason: 'To list the channels that an automation can post to. Messages stay out of reach.',
    required: false,
  },
  {
    scope: 'Mail.Send',
    title: 'Send mail as you',
    reason: 'Only what you set up in an automation.',
    required: false,
  },
  {
    scope: 'Calendars.ReadWrite',
    title: 'Add events to calendars',
    reason: 'Only for automations that create events.',
    required: false,
  },
  {
    scope: 'ChannelMessage.Send',
    title: 'Post to channels as you',
    reason: 'Only what you set up in an automation.',
    required: false,
  },
] as const satisfies readonly ProviderScope[];

/** Without these it cannot be shown that the person who consented may speak for the organisation. */
export const proofRoles = ['User.Read.All', 'RoleManagement.Read.Directory'] as const;

/**
 * What an administrator is asked for, for the whole organisation. They are registered on our app and
 * asked for together (`.default`); Microsoft calls them app roles and writes them into each token.
 */
export const applicationScopes = [
  {
    scope: 'Organization.Read.All',
    title: 'See which organisation it is',
    reason: 'Its name and main domain, shown on the connection.',
    required: true,
  },
  {
    scope: 'User.Read.All',
    title: 'See who is in the organisation',
    reason: 'Names and mail addresses, to list whose mailboxes, drives and calendars there are.',
    required: true,
  },
  {
    scope: 'RoleManagement.Read.Directory',
    title: 'See who is an administrator',
    reason: 'To make sure that whoever connects your organisation is one of its administrators.',
    required: true,
  },
  {
    scope: 'Mail.ReadWrite',
    title: 'Read, categorise and move everybody’s mail',
    reason:
      'Automations search messages, give them categories and archive them. Nothing is deleted. You can limit it to some mailboxes in Exchange.',
    required: true,
  },
  {
    scope: 'Calendars.ReadWrite',
    title: 'See calendars, and add events',
    reason: 'For the list of calendars, for agendas, and for automations that create events.',
    required: true,
  },
  {
    scope: 'Files.Read.All',
    title: 'See files and who can open them',
    reason:
      'Names, owners and sharing. Microsoft has no narrower permission; we never open a file.',
    required: true,
  },
  {
    scope: 'Sites.Read.All',
    title: 'See SharePoint sites',
    reason: 'To list the sites and their document libraries.',
    required: true,
  },
  {
    scope: 'Team.ReadBasic.All',
    title: 'See which teams there are',
    reason: 'Names and descriptions only.',
    required: false,
  },
  {
    scope: 'Channel.ReadBasic.All',
    title: 'See the names of their channels',
    reason: 'Messages stay out of reach.',
    required: false,
  },
  {
    scope: 'MailboxSettings.ReadWrite',
    title: 'Add categories to mailboxes',
    reason:
      'Microsoft keeps the list of categories among the mailbox settings. We change nothing else there.',
    required: false,
  },
  {
    scope: 'Mail.Send',
    title: 'Send mail as anybody',
    reason:
      'Only what you set up in an automation. You can limit it to some mailboxes in Exchange.',
    required: false,
  },
] as const satisfies readonly ProviderScope[];

/** Microsoft names its own permissions by their full address at times. */
const graphPrefix = /^https:\/\/graph\.microsoft\.com\//i;

/** The scopes of a token answer: separated by spaces (RFC 6749 §3.3), by their short names, sorted. */
export function parseScopes(scope: string | undefined): readonly string[] {
  const names = (scope ?? '').split(' ').filter(Boolean);
  return [...new Set(names.map((name) => name.replace(graphPrefix, '')))].sort();
}

/** A wider permission that Microsoft accepts wherever the narrower one would do. */
const wider: Readonly<Record<string, readonly string[]>> = {
  'Calendars.Read': ['Calendars.ReadWrite'],
  'Files.Read': ['Files.Read.All', 'Files.ReadWrite', 'Files.ReadWrite.All'],
  'Files.Read.All': ['Files.ReadWrite.All', 'Sites.Read.All'],
};

/** Whether a permission, or one that contains it, is among the granted ones. */
export function holds(granted: readonly string[], scope: string): boolean {
  return [scope, ...(wider[scope] ?? [])].some((name) => granted.includes(name));
}
