import { z } from 'zod';
import type { DiscoveredResource } from '../contract';
import type { DiscoveryOptions } from '../provider';
import { type ChannelPage, channelPages } from './channels';
import { call, pages, type SlackApi } from './transport';

type Batches = AsyncGenerator<readonly DiscoveredResource[], void>;

const person = z.object({
  id: z.string().min(1),
  name: z.string(),
  deleted: z.boolean().default(false),
  is_bot: z.boolean().default(false),
  is_admin: z.boolean().default(false),
  is_restricted: z.boolean().default(false),
  real_name: z.string().optional(),
  tz: z.string().nullish(),
  profile: z
    .object({
      real_name: z.string().optional(),
      title: z.string().optional(),
      email: z.string().optional(),
    })
    .default({}),
});

const personList = z.object({
  members: z.array(person),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/** Slack asks for 200 at most: https://docs.slack.dev/apis/web-api/pagination */
const peoplePageSize = 200;
/** A person in every workspace who is none, and no bot by its own word either. */
const slackbot = 'USLACKBOT';

function personResource(one: z.output<typeof person>): DiscoveredResource {
  return {
    kind: 'user',
    providerId: one.id,
    parentProviderId: null,
    name: one.profile.real_name || one.real_name || one.name,
    attributes: {
      email: one.profile.email?.toLowerCase() ?? null,
      handle: one.name,
      title: one.profile.title || null,
      admin: one.is_admin,
      guest: one.is_restricted,
      timeZone: one.tz ?? null,
    },
  };
}

async function* people({ client }: SlackApi): Batches {
  const list = (cursor: string | undefined) =>
    call('users.list', personList, () =>
      client.users.list({ limit: peoplePageSize, ...(cursor && { cursor }) }),
    );
  for await (const { members } of pages(list)) {
    yield members
      .filter(({ id, deleted, is_bot }) => !deleted && !is_bot && id !== slackbot)
      .map(personResource);
  }
}

function channelResource(one: ChannelPage['channels'][number]): DiscoveredResource {
  return {
    kind: 'channel',
    providerId: one.id,
    parentProviderId: null,
    name: one.name,
    attributes: {
      private: one.is_private,
      archived: one.is_archived,
      member: one.is_member,
      people: one.num_members ?? null,
      topic: one.topic.value || null,
      purpose: one.purpose.value || null,
      sharedWithOthers: one.is_ext_shared,
      createdAt: one.created ? new Date(one.created * 1_000).toISOString() : null,
    },
  };
}

async function* channels(api: SlackApi): Batches {
  for await (const page of channelPages(api)) yield page.channels.map(channelResource);
}

export const slackPhases = ['people', 'channels'] as const;

/** Everything in a workspace that we are shown: its people, and its channels. */
export async function* discoverSlack(
  api: SlackApi,
  { only = slackPhases, report = () => {} }: DiscoveryOptions = {},
): Batches {
  const batchesOf: Readonly<Record<(typeof slackPhases)[number], () => Batches>> = {
    people: () => people(api),
    channels: () => channels(api),
  };
  for (const phase of slackPhases.filter((one) => only.includes(one))) {
    let found = 0;
    for await (const batch of batchesOf[phase]()) {
      if (batch.length === 0) continue;
      yield batch;
      found += batch.length;
      await report({ phase, found, total: null, done: false });
    }
    await report({ phase, found, total: found, done: true });
  }
}
