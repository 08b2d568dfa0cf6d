import { applyTableChange, type Rows, type TableChange, TableStore } from '../tables';

/** Everything the emulated Slack remembers. Plain JSON: it is written to disk as it is. */
export interface Team {
  readonly id: string;
  readonly name: string;
  /** Before `.slack.com`; what faults and actions call the workspace by. */
  readonly domain: string;
}

export interface Person {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly email: string | null;
  readonly title: string;
  readonly timeZone: string;
  readonly admin: boolean;
  /** Owners are administrators, too. */
  readonly owner: boolean;
  readonly guest: boolean;
  readonly bot: boolean;
  readonly deleted: boolean;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  readonly members: readonly string[];
  readonly creator: string;
  readonly topic: string;
  readonly purpose: string;
  /** Seconds since the epoch. */
  readonly created: number;
}

export interface Message {
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly metadata: {
    readonly event_type: string;
    readonly event_payload: Readonly<Record<string, unknown>>;
  } | null;
}

export interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly signingSecret: string;
  readonly appId: string;
  readonly name: string;
  /** Its tokens never end and are never renewed. */
  readonly longLived?: boolean;
}

export interface Code {
  readonly teamId: string;
  /** Who chose Allow. */
  readonly userId: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
}

/** Our app in a workspace. */
export interface Installation {
  readonly teamId: string;
  readonly clientId: string;
  /** The app's own user. */
  readonly botUserId: string;
  readonly scopes: readonly string[];
  /** Where events are sent. */
  readonly eventsUrl: string;
}

export interface RefreshToken {
  readonly teamId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** What all tokens out of one consent have in common. */
  readonly chain: string;
  /** Milliseconds since the epoch until which it works although it was used; absent before its use. */
  readonly graceUntil?: number;
}

export interface AccessToken extends Omit<RefreshToken, 'graceUntil'> {
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** How it is refused since it was taken back; null while it is good. */
  readonly ended: 'token_revoked' | 'account_inactive' | null;
}

/** One attempt to deliver an event. */
export interface Delivery {
  readonly at: number;
  readonly teamId: string;
  readonly eventId: string;
  readonly type: string;
  readonly attempt: number;
  /** Null when no answer came within three seconds. */
  readonly status: number | null;
}

export interface Tables {
  teams: Team;
  /** By team. */
  people: Person;
  /** By team. */
  channels: Channel;
  /** By channel. */
  messages: Message;
  clients: Client;
  codes: Code;
  installations: Installation;
  accessTokens: AccessToken;
  refreshTokens: RefreshToken;
  deliveries: Delivery;
}
export type State = Rows<Tables>;
export type Change = TableChange<Tables>;

export function emptyState(): State {
  return {
    teams: {},
    people: {},
    channels: {},
    messages: {},
    clients: {},
    codes: {},
    installations: {},
    accessTokens: {},
    refreshTokens: {},
    deliveries: {},
  };
}

/** Put one change into the state; replaying it leaves the state as it is. */
export const applyChange = (state: State, change: Change): void =>
  applyTableChange<Tables>(state, change);

/** Reads and writes the state of the emulated Slack. */
export class Store extends TableStore<Tables> {}
