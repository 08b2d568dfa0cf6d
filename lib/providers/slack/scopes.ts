import type { ProviderScope } from '../contract';

/**
 * The narrowest permissions of an app's own user that do what is offered. Which method takes which:
 * https://docs.slack.dev/reference/scopes
 */
export const slackScopes = [
  {
    scope: 'users:read',
    title: 'See who is in the workspace',
    reason: 'For the list of people: names, titles and whether somebody is a guest.',
    required: true,
  },
  {
    scope: 'users:read.email',
    title: 'See people’s mail addresses',
    reason: 'So that an automation can find the person whom you name by their address.',
    required: false,
  },
  {
    scope: 'channels:read',
    title: 'See public channels',
    reason: 'Names, topics and how many are in them; not what is said there.',
    required: true,
  },
  {
    scope: 'groups:read',
    title: 'See private channels that Tenantry was added to',
    reason: 'Private channels without Tenantry stay invisible to it.',
    required: false,
  },
  {
    scope: 'chat:write',
    title: 'Post messages',
    reason: 'Only what your automations are set up to say, under Tenantry’s own name.',
    required: true,
  },
  {
    scope: 'channels:join',
    title: 'Join public channels',
    reason: 'When an automation posts to a public channel that Tenantry is not in yet.',
    required: false,
  },
  {
    scope: 'channels:manage',
    title: 'Open and archive public channels, and invite people to them',
    reason: 'Only for automations that look after channels.',
    required: false,
  },
  {
    scope: 'groups:write',
    title: 'Open and archive private channels, and invite people to them',
    reason: 'Only private channels that Tenantry has opened or was added to.',
    required: false,
  },
  {
    scope: 'channels:history',
    title: 'Look back in public channels',
    reason: 'Only to see whether a message of ours has arrived when Slack’s answer was lost.',
    required: false,
  },
  {
    scope: 'groups:history',
    title: 'Look back in private channels',
    reason: 'The same, in private channels that Tenantry was added to.',
    required: false,
  },
  {
    scope: 'metadata.message:read',
    title: 'Read the marks on messages',
    reason: 'Each message of ours carries a mark, by which it is found again.',
    required: false,
  },
] as const satisfies readonly ProviderScope[];

/** The scopes of a token answer: Slack separates them by commas; each once, sorted. */
export function parseScopes(scope: string | undefined): readonly string[] {
  return [...new Set((scope ?? '').split(/[\s,]+/).filter(Boolean))].sort();
}
