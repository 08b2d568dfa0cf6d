import type { Rows, TableChange } from '../tables';
import { TableStore } from '../tables';

/** Everything the emulated Microsoft remembers. Moments are milliseconds since the epoch. */
export interface Directory {
  readonly tid: string;
  readonly name: string;
  readonly domain: string;
  readonly timeZone: string;
  /** Its people may not let any app in by themselves: an administrator does so for everybody. */
  readonly onlyAdministratorsConsent?: boolean;
  /** How often its delta links were let run out: those of an earlier age are no longer good. */
  readonly deltaAge: number;
}

export interface User {
  readonly oid: string;
  readonly upn: string;
  readonly displayName: string;
  readonly givenName: string;
  readonly surname: string;
  readonly jobTitle: string;
  /** Template ids of the directory roles it is assigned. */
  readonly roles: readonly string[];
  /** Whether it has a mailbox, calendars and a OneDrive. */
  readonly licensed: boolean;
}

export interface Client {
  readonly clientId: string;
  readonly name: string;
  readonly secrets: readonly string[];
  /** Registered certificates, as PEM. */
  readonly certificates: readonly string[];
  /** Application permissions registered on it: what `.default` asks an administrator for. */
  readonly roles: readonly string[];
}

/** Our app in a directory (its enterprise application), and the roles it was given there. */
export interface ServicePrincipal {
  readonly oid: string;
  readonly clientId: string;
  readonly roles: readonly string[];
}

/** Delegated permissions: of one person, or of everybody when an administrator gave them. */
export interface Consent {
  readonly clientId: string;
  /** null: for everybody in the directory. */
  readonly oid: string | null;
  readonly scopes: readonly string[];
}

interface Grant {
  readonly tid: string;
  readonly oid: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

export interface AuthorizationCode extends Grant {
  readonly redirectUri: string;
  readonly codeChallenge: string | null;
  readonly nonce: string | null;
  readonly expiresAt: number;
  readonly redeemed: boolean;
}

export interface RefreshToken extends Grant {
  readonly issuedAt: number;
  /** Its session is over: the password was changed. */
  readonly ended?: boolean;
}

export interface AccessToken {
  readonly tid: string;
  /** The person; null when the app speaks for itself. */
  readonly oid: string | null;
  readonly clientId: string;
  /** Delegated permissions, or application roles where there is no person. */
  readonly permissions: readonly string[];
  readonly expiresAt: number;
}

/** What a delta query can follow: rows know the change they were last touched by. */
interface Tracked {
  readonly id: string;
  readonly seq: number;
  readonly deleted?: boolean;
}

export interface TrackedUser extends Tracked {
  readonly user: User;
}

export interface MailFolder extends Tracked {
  readonly displayName: string;
  readonly wellKnownName: string | null;
  readonly parentFolderId: string;
}

export interface Message extends Tracked {
  readonly folderId: string;
  readonly conversationId: string;
  readonly internetMessageId: string;
  readonly subject: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly to: readonly { readonly name: string; readonly address: string }[];
  readonly receivedAt: number;
  readonly text: string;
  readonly html: boolean;
  readonly categories: readonly string[];
  readonly isRead: boolean;
  readonly isDraft: boolean;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly attachments: readonly {
    readonly id: string;
    readonly name: string;
    readonly contentType: string;
    readonly size: number;
  }[];
}

export interface Category {
  readonly id: string;
  readonly displayName: string;
  readonly color: string;
}

export interface Calendar {
  readonly id: string;
  readonly name: string;
  readonly isDefault: boolean;
  readonly canEdit: boolean;
  readonly hexColor: string;
}

export interface CalendarEvent {
  readonly id: string;
  readonly calendarId: string;
  readonly transactionId: string | null;
  readonly subject: string;
  readonly text: string;
  readonly location: string;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly allDay: boolean;
  readonly organizer: string;
  readonly attendees: readonly { readonly name: string; readonly address: string }[];
  readonly createdAt: number;
  readonly cancelled: boolean;
}

export interface Drive {
  readonly id: string;
  readonly driveType: 'business' | 'documentLibrary';
  readonly name: string;
  /** The person whose OneDrive it is, or the site it belongs to. */
  readonly ownerOid: string | null;
  readonly siteId: string | null;
}

export interface SharingPermission {
  readonly id: string;
  readonly roles: readonly string[];
  /** A link and whom it opens for; absent for a permission given to people directly. */
  readonly link?: {
    readonly scope: 'anonymous' | 'organization' | 'users';
    readonly type: 'view' | 'edit';
    readonly webUrl: string;
  };
  readonly people: readonly { readonly name: string; readonly address: string }[];
}

export interface DriveItem extends Tracked {
  readonly name: string;
  readonly parentId: string | null;
  readonly mimeType: string | null;
  readonly size: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly permissions: readonly SharingPermission[];
}

export interface Site {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
}

export interface Team {
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
  readonly members: readonly string[];
}

export interface Channel {
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
  readonly membershipType: 'standard' | 'private';
}

export interface ChannelMessage {
  readonly id: string;
  readonly oid: string;
  readonly content: string;
  readonly contentType: 'text' | 'html';
  readonly createdAt: number;
}

export interface Subscription {
  readonly id: string;
  readonly clientId: string;
  /** In whose name it was made; null for the app itself. */
  readonly oid: string | null;
  readonly resource: string;
  readonly changeType: string;
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl: string | null;
  readonly clientState: string | null;
  readonly expiresAt: number;
}

/** Tables by name; the partition is a directory's id, a person's, a drive's, a team's or `''`. */
export interface Tables {
  /** The signing key, as PKCS #8 PEM under `current`. */
  keys: { readonly pem: string };
  /** `seq`: the change that happened last. */
  counters: { readonly value: number };
  clients: Client;
  directories: Directory;
  users: TrackedUser;
  servicePrincipals: ServicePrincipal;
  consents: Consent;
  codes: AuthorizationCode;
  refreshTokens: RefreshToken;
  accessTokens: AccessToken;
  folders: MailFolder;
  messages: Message;
  categories: Category;
  calendars: Calendar;
  events: CalendarEvent;
  drives: Drive;
  items: DriveItem;
  sites: Site;
  teams: Team;
  channels: Channel;
  channelMessages: ChannelMessage;
  subscriptions: Subscription;
}
export type State = Rows<Tables>;
export type Change = TableChange<Tables>;

export function emptyState(): State {
  const names: readonly (keyof Tables)[] = [
    ...(['keys', 'counters', 'clients', 'directories', 'users', 'servicePrincipals'] as const),
    ...(['consents', 'codes', 'refreshTokens', 'accessTokens', 'folders', 'messages'] as const),
    ...(['categories', 'calendars', 'events', 'drives', 'items', 'sites'] as const),
    ...(['teams', 'channels', 'channelMessages', 'subscriptions'] as const),
  ];
  return Object.fromEntries(names.map((name) => [name, {}])) as State;
}

/** Reads and writes the state of the emulated Microsoft. */
export class Store extends TableStore<Tables> {
  /** The number of the next change, for rows that delta queries follow. */
  nextSeq(): number {
    const value = this.seq() + 1;
    this.put('counters', '', 'seq', { value });
    return value;
  }

  /** The number of the latest change. */
  seq(): number {
    return this.get('counters', '', 'seq')?.value ?? 0;
  }

  /** Everybody who is in a directory now. */
  people(tid: string): User[] {
    return this.all('users', tid).flatMap(({ user, deleted }) => (deleted ? [] : [user]));
  }

  person(tid: string, oid: string): User | undefined {
    const found = this.get('users', tid, oid);
    return found && !found.deleted ? found.user : undefined;
  }

  /** By directory id or domain. */
  directory(name: string): Directory | undefined {
    return (
      this.get('directories', '', name) ??
      this.all('directories', '').find(({ domain }) => domain === name.toLowerCase())
    );
  }
}
