import { badRequest, graphError } from '../errors';
import type { App } from '../login';
import type { Channel, ChannelMessage, Store, Team } from '../state';
import { type Access, type GraphCall, graphRoutes, requireMe } from './api';
import { collection, ordered, page, top } from './odata';

const teams = { family: 'teams' } as const;
const readTeams: Access = {
  ...teams,
  delegated: ['Team.ReadBasic.All', 'TeamSettings.Read.All'],
  application: ['Team.ReadBasic.All', 'TeamSettings.Read.All'],
};
const readChannels: Access = {
  ...teams,
  delegated: ['Channel.ReadBasic.All', 'ChannelSettings.Read.All'],
  application: ['Channel.ReadBasic.All', 'ChannelSettings.Read.All'],
};
const readMessages: Access = {
  ...teams,
  delegated: ['ChannelMessage.Read.All'],
  application: ['ChannelMessage.Read.All'],
};
const postMessages: Access = {
  ...teams,
  delegated: ['ChannelMessage.Send', 'Group.ReadWrite.All'],
  // An app posts in its own name only while it migrates messages from elsewhere.
  application: ['Teamwork.Migrate.All'],
};
const readGroups: Access = {
  family: 'directory',
  delegated: ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'],
  application: ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'],
};

const teamResource = ({ id, displayName, description }: Team) => ({
  id,
  displayName,
  description,
  isArchived: false,
});

const link = (team: string, channel: string) =>
  `https://teams.microsoft.com/l/channel/${encodeURIComponent(channel)}/channel?groupId=${team}`;

const channelResource = (channel: Channel, team: Team) => ({
  ...channel,
  webUrl: link(team.id, channel.id),
});

function messageResource(
  message: ChannelMessage,
  team: Team,
  channel: Channel,
  store: Store,
  tid: string,
) {
  return {
    id: message.id,
    messageType: 'message',
    createdDateTime: new Date(message.createdAt).toISOString(),
    from: {
      user: { id: message.oid, displayName: store.person(tid, message.oid)?.displayName ?? null },
    },
    body: { contentType: message.contentType, content: message.content },
    channelIdentity: { teamId: team.id, channelId: channel.id },
    webUrl: `${link(team.id, channel.id)}&messageId=${message.id}`,
  };
}

const unknown = (what: string) =>
  graphError(404, 'NotFound', `No ${what} found with the given id.`);

/** A team, for its members and for the app. */
function findTeam({ store, tid, me, params }: GraphCall): Team {
  const team = store.get('teams', tid, params.team ?? '');
  if (!team) throw unknown('team');
  if (me && !team.members.includes(me.oid)) {
    throw graphError(403, 'Forbidden', 'The caller is not a member of the team.');
  }
  return team;
}

function findChannel(call: GraphCall, team: Team): Channel {
  const found = call.store.get('channels', team.id, call.params.channel ?? '');
  if (!found) throw unknown('channel');
  return found;
}

function listTeams(call: GraphCall, rows: readonly Team[]) {
  const keyOf = ({ id }: Team) => id;
  return collection(page(call, ordered(rows, keyOf), keyOf, top(call, 100, 999)), teamResource);
}

function post(call: GraphCall): Response {
  const { store, tid, body } = call;
  if (call.me === null) {
    throw graphError(
      401,
      'Unauthorized',
      'Message POST is allowed in application-only context only for import purposes.',
    );
  }
  const team = findTeam(call);
  const channel = findChannel(call, team);
  const given = body.body as { content?: unknown; contentType?: unknown } | undefined;
  if (typeof given?.content !== 'string' || given.content === '') {
    throw badRequest('Missing body content');
  }
  const createdAt = Date.now();
  const message: ChannelMessage = {
    // Teams names messages by the moment they were posted.
    id: String(createdAt + store.all('channelMessages', channel.id).length),
    oid: requireMe(call).oid,
    content: given.content,
    contentType: given.contentType === 'html' ? 'html' : 'text',
    createdAt,
  };
  store.put('channelMessages', channel.id, message.id, message);
  return Response.json(messageResource(message, team, channel, store, tid), { status: 201 });
}

function listMessages(call: GraphCall) {
  const { store, tid } = call;
  const team = findTeam(call);
  const channel = findChannel(call, team);
  const keyOf = ({ createdAt, id }: ChannelMessage) =>
    `${String(9e12 - createdAt).padStart(14, '0')} ${id}`;
  const rows = ordered(store.all('channelMessages', channel.id), keyOf);
  const given = page(call, rows, keyOf, top(call, 20, 50));
  return collection(given, (one) => messageResource(one, team, channel, store, tid));
}

/** Teams and their channels, as far as the adapter goes. */
export function teamRoutes(app: App, store: Store, baseUrl: string): void {
  const { route, personal } = graphRoutes(app, store, baseUrl);
  route('get', '/teams', readTeams, (call) => listTeams(call, call.store.all('teams', call.tid)));
  personal('get', '/joinedTeams', readTeams, (call) =>
    listTeams(
      call,
      call.store.all('teams', call.tid).filter(({ members }) => members.includes(call.owner.oid)),
    ),
  );
  route('get', '/groups', readGroups, (call) => ({
    value: call.store.all('teams', call.tid).map((team) => ({
      ...teamResource(team),
      groupTypes: ['Unified'],
      resourceProvisioningOptions: ['Team'],
      mailEnabled: true,
      securityEnabled: false,
    })),
  }));
  route('get', '/teams/:team', readTeams, (call) => teamResource(findTeam(call)));
  route('get', '/teams/:team/channels', readChannels, (call) => {
    const team = findTeam(call);
    const rows = call.store.all('channels', team.id);
    const keyOf = ({ displayName, id }: Channel) => `${displayName} ${id}`;
    const given = page(call, ordered(rows, keyOf), keyOf, top(call, 100, 999));
    return collection(given, (channel) => channelResource(channel, team));
  });
  route('get', '/teams/:team/channels/:channel/messages', readMessages, listMessages);
  route('post', '/teams/:team/channels/:channel/messages', postMessages, post);
}
