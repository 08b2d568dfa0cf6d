import { z } from 'zod';
import { ProviderError } from '../contract';
import type { ChannelActions, PostedMessage } from '../provider';
import type { Graph } from './graph';

/** A channel by its team: Graph reaches none without it. */
export const channelRef = (teamId: string, channelId: string) => `${teamId}/${channelId}`;

const posted = z.object({ id: z.string().min(1), webUrl: z.string().nullish() });

const message = posted.extend({
  createdDateTime: z.iso.datetime({ offset: true }),
  from: z.object({ user: z.object({ id: z.string() }).nullish() }).nullish(),
  body: z.object({ contentType: z.string(), content: z.string().nullish() }),
});

/** Posts are looked for among this many of the newest, and no older than an hour (milliseconds). */
const lookback = 50;
const longestAgo = 3_600_000;

/** Takes an administrator, so that it is never asked for: only where an organisation gave it anyway. */
const mayRead = ['ChannelMessage.Read.All'] as const;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string) => text.replace(/[&<>]/g, (one) => entities[one] ?? one);

/** Plain text as Teams keeps it. */
function content(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => `<p>${escaped(line) || '&nbsp;'}</p>`)
    .join('');
}

/** What a person reads of a message: Teams spells the same HTML in its own way. */
function readable(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();
}

function pathOf(ref: string): string {
  const [team, channel, ...rest] = ref.split('/');
  if (!team || !channel || rest.length > 0) {
    const failure = { kind: 'invalid_request', status: null, code: 'no_such_channel' } as const;
    throw new ProviderError('microsoft', 'teams.channels', failure);
  }
  return `/teams/${encodeURIComponent(team)}/channels/${encodeURIComponent(channel)}/messages`;
}

/**
 * Channels of Teams, in the name of one person: Microsoft lets no app post as itself
 * (https://learn.microsoft.com/graph/api/chatmessage-post).
 * @param granted what the connection may do
 */
export function microsoftChannels(graph: Graph, granted: readonly string[]): ChannelActions {
  async function ownId(): Promise<string> {
    const { id } = await graph.get('/me', z.object({ id: z.string() }), {
      query: { $select: 'id' },
      takes: ['User.Read'],
    });
    return id;
  }

  return {
    async post({ channelId, text }): Promise<PostedMessage> {
      const made = await graph.send(pathOf(channelId), posted, {
        body: { body: { contentType: 'html', content: content(text) } },
        takes: ['ChannelMessage.Send'],
      });
      return { id: made.id, link: made.webUrl ?? null };
    },

    /**
     * Teams has no place for a key of ours: what counts is a message of this person, with exactly
     * this text, of the last hour. Unclear where nobody let us read channels.
     */
    async findPosted({ channelId, text }) {
      if (!mayRead.some((scope) => granted.includes(scope))) return 'unclear';
      const me = await ownId();
      const { items } = await graph.page(pathOf(channelId), message, {
        query: { $top: lookback },
        takes: mayRead,
      });
      const wanted = readable(content(text));
      const found = items.find(
        ({ from, body, createdDateTime }) =>
          from?.user?.id === me &&
          readable(body.content ?? '') === wanted &&
          Date.now() - Date.parse(createdDateTime) < longestAgo,
      );
      return found ? { id: found.id, link: found.webUrl ?? null } : null;
    },
  };
}
