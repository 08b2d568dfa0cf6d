import { z } from 'zod';
import { ProviderError } from '../contract';
import type { ChannelActions, ChannelAdministration, PostedMessage } from '../provider';
import { call, isRefusal, pages, type SlackApi } from './transport';

const text = z.object({ value: z.string() }).default({ value: '' });

const channel = z.object({
  id: z.string().min(1),
  name: z.string(),
  is_private: z.boolean().default(false),
  is_archived: z.boolean().default(false),
  is_member: z.boolean().default(false),
  is_ext_shared: z.boolean().default(false),
  num_members: z.number().int().optional(),
  created: z.number().int().optional(),
  topic: text,
  purpose: text,
});

const metadata = z.object({ next_cursor: z.string().optional() }).optional();
const channelPage = z.object({ channels: z.array(channel), response_metadata: metadata });
export type ChannelPage = z.output<typeof channelPage>;

const posted = z.object({ ts: z.string().min(1) });

const history = z.object({
  messages: z.array(
    z.object({
      ts: z.string().min(1),
      metadata: z
        .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
        .optional(),
    }),
  ),
  response_metadata: metadata,
});

const nothing = z.object({});
const person = z.object({ id: z.string().min(1) });

/** Slack asks for 200 at most: https://docs.slack.dev/apis/web-api/pagination */
const pageSize = 200;
/** Messages looked through for a lost one: it was posted minutes ago. */
const lookBack = { pages: 5, size: 200 } as const;
/** The mark on our messages: lower case, https://docs.slack.dev/messaging/message-metadata */
const markType = 'tenantry_message';

/** The channels that we are shown: private ones only where we may see any. */
export function channelPages({ client, scopes }: SlackApi): AsyncGenerator<ChannelPage> {
  const types = scopes.includes('groups:read')
    ? 'public_channel,private_channel'
    : 'public_channel';
  return pages((cursor) =>
    call('conversations.list', channelPage, () =>
      client.conversations.list({ types, limit: pageSize, ...(cursor && { cursor }) }),
    ),
  );
}

/** Carry something out in a channel; into a public one that we are not in we go first. */
async function inside<Result>(
  { client }: SlackApi,
  channelId: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isRefusal(error, 'not_in_channel')) throw error;
    await call('conversations.join', nothing, () =>
      client.conversations.join({ channel: channelId }),
    );
    return work();
  }
}

/** Without these our mark is not shown to us, and nothing could be told from its absence. */
const mayLookBack = ({ scopes }: SlackApi): boolean =>
  scopes.includes('metadata.message:read') &&
  scopes.some((scope) => scope === 'channels:history' || scope === 'groups:history');

/** Messages to channels. */
export function slackChannels(api: SlackApi): ChannelActions {
  const { client } = api;
  return {
    async post({ channelId, text: words, key }): Promise<PostedMessage> {
      const mark = { event_type: markType, event_payload: { key } };
      const { ts } = await inside(api, channelId, () =>
        call('chat.postMessage', posted, () =>
          client.chat.postMessage({ channel: channelId, text: words, metadata: mark }),
        ),
      );
      return { id: ts, link: null };
    },

    async findPosted({ channelId, key }) {
      if (!mayLookBack(api)) return 'unclear';
      const list = (cursor: string | undefined) =>
        inside(api, channelId, () =>
          call('conversations.history', history, () =>
            client.conversations.history({
              channel: channelId,
              limit: lookBack.size,
              include_all_metadata: true,
              ...(cursor && { cursor }),
            }),
          ),
        );
      let seen = 0;
      for await (const { messages } of pages(list)) {
        const own = messages.find(
          ({ metadata: mark }) => mark?.event_type === markType && mark.event_payload.key === key,
        );
        if (own) return { id: own.ts, link: null };
        seen += 1;
        if (seen === lookBack.pages) return 'unclear';
      }
      return null;
    },
  };
}

/** Slack's names are lower case: https://docs.slack.dev/reference/methods/conversations.create */
const spelled = (name: string) => name.trim().replace(/^#/, '').toLowerCase();

async function findChannel(api: SlackApi, name: string) {
  for await (const page of channelPages(api)) {
    const found = page.channels.find((one) => one.name === spelled(name));
    if (found) return found;
  }
  return null;
}

/** Done already is as good as done. */
async function unless(codes: readonly string[], work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isRefusal(error, ...codes)) throw error;
  }
}

/** A name that is taken by something else than what was asked for. */
function taken(code: string): ProviderError {
  const failure = { kind: 'conflict', status: 200, code } as const;
  return new ProviderError('slack', 'conversations.create', failure);
}

/** Looking after channels. */
export function slackChannelAdministration(api: SlackApi): ChannelAdministration {
  const { client } = api;
  return {
    async open(name, isPrivate) {
      try {
        const made = await call('conversations.create', z.object({ channel }), () =>
          client.conversations.create({ name: spelled(name), is_private: isPrivate }),
        );
        return { id: made.channel.id, created: true };
      } catch (error) {
        if (!isRefusal(error, 'name_taken')) throw error;
      }
      const existing = await findChannel(api, name);
      // A private channel that we are not in keeps its name, and is not shown to us.
      if (!existing) throw taken('name_taken');
      if (existing.is_archived) throw taken('name_taken_by_archived');
      if (existing.is_private !== isPrivate) {
        throw taken(isPrivate ? 'name_taken_by_public' : 'name_taken_by_private');
      }
      return { id: existing.id, created: false };
    },

    async find(name) {
      const found = await findChannel(api, name);
      return found && { id: found.id, archived: found.is_archived };
    },

    async findPerson(address) {
      try {
        const { user } = await call('users.lookupByEmail', z.object({ user: person }), () =>
          client.users.lookupByEmail({ email: address }),
        );
        return user.id;
      } catch (error) {
        if (isRefusal(error, 'users_not_found')) return null;
        throw error;
      }
    },

    archive: (channelId) =>
      unless(['already_archived'], () =>
        inside(api, channelId, () =>
          call('conversations.archive', nothing, () =>
            client.conversations.archive({ channel: channelId }),
          ),
        ),
      ),

    async invite(channelId, accountIds) {
      // One at a time: of several, one who is in it already would keep the others out.
      for (const users of accountIds) {
        await unless(['already_in_channel'], () =>
          inside(api, channelId, () =>
            call('conversations.invite', nothing, () =>
              client.conversations.invite({ channel: channelId, users }),
            ),
          ),
        );
      }
    },
  };
}
