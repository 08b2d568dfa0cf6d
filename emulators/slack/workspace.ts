import { randomBytes } from 'node:crypto';
import { type ApiCall, type App, methods, page, Refused } from './api';
import type { Channel, Message, Person, Store } from './state';

const yes = (value: string | null) => value === 'true' || value === '1';

function personAnswer(one: Person, withEmail: boolean) {
  const { id, handle, name, email, title, timeZone, admin, owner, guest, bot, deleted } = one;
  return {
    id,
    name: handle,
    deleted,
    is_bot: bot,
    is_admin: admin,
    is_owner: owner,
    is_primary_owner: owner,
    is_restricted: guest,
    real_name: name,
    tz: timeZone,
    profile: { real_name: name, title, ...(withEmail && email !== null ? { email } : {}) },
  };
}

function channelAnswer(one: Channel, botUserId: string) {
  return {
    id: one.id,
    name: one.name,
    is_channel: !one.isPrivate,
    is_group: one.isPrivate,
    is_private: one.isPrivate,
    is_archived: one.isArchived,
    is_general: one.name === 'general',
    is_ext_shared: false,
    is_member: one.members.includes(botUserId),
    num_members: one.members.length,
    created: one.created,
    creator: one.creator,
    topic: { value: one.topic },
    purpose: { value: one.purpose },
  };
}

const scopeOf = (channel: Pick<Channel, 'isPrivate'>, what: 'manage' | 'history') =>
  channel.isPrivate
    ? { manage: 'groups:write', history: 'groups:history' }[what]
    : `channels:${what}`;

/** The channel asked for; a private one that the app is not in does not exist for it. */
function channelOf({ store, token, botUserId, given }: ApiCall): Channel {
  const channel = store.get('channels', token.teamId, given.get('channel') ?? '');
  if (!channel || (channel.isPrivate && !channel.members.includes(botUserId))) {
    throw new Refused('channel_not_found');
  }
  return channel;
}

function requireInside(channel: Channel, { botUserId }: ApiCall): void {
  if (!channel.members.includes(botUserId)) throw new Refused('not_in_channel');
}

function change({ store, token }: ApiCall, channel: Channel, more: Partial<Channel>): Channel {
  const changed = { ...channel, ...more };
  store.put('channels', token.teamId, channel.id, changed);
  return changed;
}

function listPeople(call: ApiCall) {
  call.require('users:read');
  const everyone = call.store.all('people', call.token.teamId);
  const { rows, response_metadata } = page(everyone, ({ id }) => id, call.given);
  const withEmail = call.token.scopes.includes('users:read.email');
  return { members: rows.map((one) => personAnswer(one, withEmail)), response_metadata };
}

function showPerson(call: ApiCall) {
  call.require('users:read');
  const found = call.store.get('people', call.token.teamId, call.given.get('user') ?? '');
  if (!found) throw new Refused('user_not_found');
  return { user: personAnswer(found, call.token.scopes.includes('users:read.email')) };
}

function findPerson(call: ApiCall) {
  call.require('users:read.email');
  const address = call.given.get('email')?.toLowerCase();
  const found = call.store
    .all('people', call.token.teamId)
    .find(({ email, deleted }) => email !== null && email === address && !deleted);
  if (!found) throw new Refused('users_not_found');
  return { user: personAnswer(found, true) };
}

function listChannels(call: ApiCall) {
  const types = (call.given.get('types') || 'public_channel').split(',');
  if (types.includes('public_channel')) call.require('channels:read');
  if (types.includes('private_channel')) call.require('groups:read');
  const shown = call.store
    .all('channels', call.token.teamId)
    .filter((one) => types.includes(one.isPrivate ? 'private_channel' : 'public_channel'))
    .filter((one) => !one.isPrivate || one.members.includes(call.botUserId))
    .filter((one) => !one.isArchived || !yes(call.given.get('exclude_archived')));
  const { rows, response_metadata } = page(shown, ({ id }) => id, call.given);
  return { channels: rows.map((one) => channelAnswer(one, call.botUserId)), response_metadata };
}

/** Rules of names: https://docs.slack.dev/reference/methods/conversations.create */
function requireName(name: string): void {
  if (name === '') throw new Refused('invalid_name_required');
  if (name.length > 80) throw new Refused('invalid_name_maxlength');
  if (!/^[\p{Ll}\p{Lo}\d_-]+$/u.test(name)) throw new Refused('invalid_name_specials');
  if (!/[\p{L}\d]/u.test(name)) throw new Refused('invalid_name_punctuation');
}

function createChannel(call: ApiCall) {
  const { store, token, botUserId, given } = call;
  const isPrivate = yes(given.get('is_private'));
  call.require(scopeOf({ isPrivate }, 'manage'));
  const name = given.get('name') ?? '';
  requireName(name);
  if (store.all('channels', token.teamId).some((one) => one.name === name)) {
    throw new Refused('name_taken');
  }
  const channel: Channel = {
    id: `C0${randomBytes(5).toString('hex').toUpperCase().slice(0, 9)}`,
    name,
    isPrivate,
    isArchived: false,
    members: [botUserId],
    creator: botUserId,
    topic: '',
    purpose: '',
    created: Math.floor(Date.now() / 1_000),
  };
  store.put('channels', token.teamId, channel.id, channel);
  return { channel: channelAnswer(channel, botUserId) };
}

function joinChannel(call: ApiCall) {
  call.require('channels:join');
  const channel = channelOf(call);
  if (channel.isPrivate) throw new Refused('method_not_supported_for_channel_type');
  if (channel.isArchived) throw new Refused('is_archived');
  const members = [...new Set([...channel.members, call.botUserId])];
  return { channel: channelAnswer(change(call, channel, { members }), call.botUserId) };
}

function archiveChannel(call: ApiCall) {
  const channel = channelOf(call);
  call.require(scopeOf(channel, 'manage'));
  if (channel.name === 'general') throw new Refused('cant_archive_general');
  if (channel.isArchived) throw new Refused('already_archived');
  requireInside(channel, call);
  change(call, channel, { isArchived: true });
  return {};
}

function inviteToChannel(call: ApiCall) {
  const channel = channelOf(call);
  call.require(scopeOf(channel, 'manage'));
  if (channel.isArchived) throw new Refused('is_archived');
  requireInside(channel, call);
  const ids = (call.given.get('users') ?? '').split(',').filter(Boolean);
  for (const id of ids) {
    if (!call.store.get('people', call.token.teamId, id)) throw new Refused('user_not_found');
    if (id === call.botUserId) throw new Refused('cant_invite_self');
    if (channel.members.includes(id)) throw new Refused('already_in_channel');
  }
  const changed = change(call, channel, { members: [...channel.members, ...ids] });
  return { channel: channelAnswer(changed, call.botUserId) };
}

function readMetadata(given: URLSearchParams): Message['metadata'] {
  const text = given.get('metadata');
  if (!text) return null;
  const { event_type, event_payload } = JSON.parse(text);
  if (typeof event_type !== 'string') throw new Refused('invalid_metadata_format');
  return { event_type, event_payload: event_payload ?? {} };
}

/** Later than every message of the channel: a message's `ts` is also its name. */
function nextTs(messages: readonly Message[]): string {
  const last = Number((messages.at(-1)?.ts ?? '0').replace('.', ''));
  const ts = Math.max(Date.now() * 1_000, last + 1);
  return `${Math.floor(ts / 1e6)}.${String(ts % 1e6).padStart(6, '0')}`;
}

function postMessage(call: ApiCall) {
  call.require('chat:write');
  const { store, given, botUserId: user } = call;
  const channel = channelOf(call);
  if (channel.isArchived) throw new Refused('is_archived');
  requireInside(channel, call);
  const text = given.get('text') ?? '';
  if (text === '') throw new Refused('no_text');
  const ts = nextTs(store.all('messages', channel.id));
  store.put('messages', channel.id, ts, { ts, user, text, metadata: readMetadata(given) });
  return { channel: channel.id, ts, message: { type: 'message', user, text, ts } };
}

function channelHistory(call: ApiCall) {
  const channel = channelOf(call);
  call.require(scopeOf(channel, 'history'));
  requireInside(channel, call);
  const shown =
    yes(call.given.get('include_all_metadata')) &&
    call.token.scopes.includes('metadata.message:read');
  const newestFirst = call.store.all('messages', channel.id).toReversed();
  const { rows, response_metadata } = page(newestFirst, ({ ts }) => ts, call.given);
  const messages = rows.map(({ ts, user, text, metadata }) => ({
    type: 'message',
    ts,
    user,
    text,
    ...(shown && metadata ? { metadata } : {}),
  }));
  return { messages, has_more: response_metadata.next_cursor !== '', response_metadata };
}

/** People, channels and messages of a workspace. */
export function workspaceMethods(app: App, store: Store): void {
  const method = methods(app, store);
  method('users.list', listPeople);
  method('users.info', showPerson);
  method('users.lookupByEmail', findPerson);
  method('conversations.list', listChannels);
  method('conversations.create', createChannel);
  method('conversations.join', joinChannel);
  method('conversations.archive', archiveChannel);
  method('conversations.invite', inviteToChannel);
  method('conversations.history', channelHistory);
  method('chat.postMessage', postMessage);
}
