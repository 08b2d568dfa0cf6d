import type { Dimensions, MeteredCall, Taking } from './bucket';

/**
 * Slack counts by method and workspace, and messages by channel: https://docs.slack.dev/apis/web-api/rate-limits
 * In any minute at most `capacity + 60 × perSecond`: tiers of 1, 20, 50 and 100 calls. Messages are 1 a
 * second and channel, with short bursts tolerated, and several hundred a minute for a workspace.
 */
export const slackDimensions: Dimensions = {
  channel: { budget: { capacity: 3, perSecond: 1 }, title: 'Messages to one channel' },
  messages: { budget: { capacity: 60, perSecond: 4 }, title: 'Messages' },
  tier1: { budget: { capacity: 1, perSecond: 1 / 60 }, title: 'Rare calls' },
  tier2: { budget: { capacity: 8, perSecond: 0.2 }, title: 'Calls of one kind' },
  tier3: { budget: { capacity: 20, perSecond: 0.5 }, title: 'Calls of one kind' },
  tier4: { budget: { capacity: 40, perSecond: 1 }, title: 'Calls of one kind' },
};

/** Tiers of the methods in use, as their pages under https://docs.slack.dev/reference/methods say. */
const tiers: Readonly<Record<string, 1 | 2 | 3 | 4>> = {
  'conversations.archive': 2,
  'conversations.create': 2,
  'conversations.history': 3,
  'conversations.info': 3,
  'conversations.invite': 3,
  'conversations.join': 3,
  'conversations.list': 2,
  'conversations.members': 4,
  'conversations.unarchive': 2,
  'team.info': 3,
  'users.info': 4,
  'users.list': 2,
  'users.lookupByEmail': 3,
};

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  return ArrayBuffer.isView(body) ? new TextDecoder().decode(body) : '';
}

/** The channel that a message is for, from a form or JSON. */
function channelIn(body: unknown): string | undefined {
  const text = textOf(body);
  if (!text.startsWith('{')) return new URLSearchParams(text).get('channel') ?? undefined;
  try {
    const { channel } = JSON.parse(text) as { channel?: unknown };
    return typeof channel === 'string' ? channel : undefined;
  } catch {
    return undefined;
  }
}

export function slackDemands({ path, body }: MeteredCall): readonly Taking[] {
  const method = path.split('/').at(-1) ?? '';
  if (method === 'chat.postMessage') {
    return [
      { kind: 'channel', which: channelIn(body), units: 1 },
      { kind: 'messages', units: 1 },
    ];
  }
  return [{ kind: `tier${tiers[method] ?? 2}`, which: method, units: 1 }];
}
