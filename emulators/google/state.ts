/** Everything the emulated Google remembers. Plain JSON: it is written to disk as it is. */
export interface Account {
  readonly sub: string;
  readonly email: string;
  readonly name: string;
  readonly givenName: string;
  readonly familyName: string;
  /** Hosted domain: the organisation's. */
  readonly hd: string;
  readonly timeZone: string;
  /** Absent in what was kept before there was a directory: the first of an organisation. */
  readonly admin?: boolean;
  readonly suspended?: boolean;
  /** Whether Gmail is switched on; it is unless said. */
  readonly gmail?: boolean;
}

/** What an administrator lets a service account do in everybody's name. */
export interface Delegation {
  readonly clientId: string;
  readonly scopes: readonly string[];
}

export interface Organization {
  /** Never changes, unlike its domain. */
  readonly customerId: string;
  readonly domain: string;
  readonly name: string;
  readonly delegations: readonly Delegation[];
}

export interface ServiceAccount {
  readonly email: string;
  readonly clientId: string;
  readonly projectId: string;
  /** Domain of the organisation whose project it is in. */
  readonly domain: string;
  readonly state: 'enabled' | 'disabled' | 'deleted';
  /** Its one key, PKCS #8 PEM; null until somebody asks for it. */
  readonly key: { readonly id: string; readonly pem: string } | null;
}

export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly name: string;
}

export interface AuthorizationCode {
  readonly email: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly codeChallenge: string | null;
  readonly nonce: string | null;
  readonly offline: boolean;
  readonly expiresAt: number;
}

export interface RefreshToken {
  readonly email: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

export interface AccessToken extends RefreshToken {
  readonly expiresAt: number;
}

export interface Label {
  readonly id: string;
  readonly name: string;
  readonly type: 'system' | 'user';
  readonly color?: { readonly backgroundColor: string; readonly textColor: string };
}

export interface Attachment {
  readonly id: string;
  readonly filename: string;
  readonly mimeType: string;
  /** base64url */
  readonly data: string;
}

export interface Message {
  readonly id: string;
  readonly threadId: string;
  readonly labelIds: readonly string[];
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text: string;
  readonly html?: string;
  readonly attachments: readonly Attachment[];
}

export interface Permission {
  readonly id: string;
  readonly type: 'user' | 'group' | 'domain' | 'anyone';
  readonly role: 'owner' | 'organizer' | 'writer' | 'commenter' | 'reader';
  readonly emailAddress?: string;
  readonly domain?: string;
}

export interface DriveFile {
  readonly id: string;
  readonly name: string;
  readonly mimeType: string;
  readonly parents: readonly string[];
  readonly size: number | null;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly trashed: boolean;
  /** Whose it is; null in a shared drive. */
  readonly owner: string | null;
  /** The shared drive it is in; null in somebody's own. */
  readonly driveId: string | null;
  readonly permissions: readonly Permission[];
}

export interface SharedDrive {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly members: readonly string[];
}

export interface Calendar {
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly timeZone: string;
  readonly primary: boolean;
  readonly selected: boolean;
  readonly accessRole: 'owner' | 'writer' | 'reader';
  readonly backgroundColor: string;
}

export interface Attendee {
  readonly email: string;
  readonly displayName?: string;
  readonly responseStatus: 'accepted' | 'declined' | 'tentative' | 'needsAction';
}

/** A moment in milliseconds since the epoch, or a whole day as `yyyy-MM-dd`. */
export type EventTime = { readonly at: number } | { readonly date: string };

export interface CalendarEvent {
  readonly id: string;
  readonly status: 'confirmed' | 'cancelled';
  readonly summary: string;
  readonly description?: string;
  readonly location?: string;
  readonly start: EventTime;
  readonly end: EventTime;
  readonly organizer: string;
  readonly attendees: readonly Attendee[];
  readonly createdAt: number;
}

/** Tables by name; each row lies in a partition (an account, a calendar, or `''`) under its key. */
export interface Tables {
  accounts: Account;
  /** By domain. */
  organizations: Organization;
  /** By mail address. */
  serviceAccounts: ServiceAccount;
  clients: OAuthClient;
  codes: AuthorizationCode;
  refreshTokens: RefreshToken;
  accessTokens: AccessToken;
  /** The signing key of id tokens, as PKCS #8 PEM under `current`. */
  keys: { readonly pem: string };
  labels: Label;
  messages: Message;
  drives: SharedDrive;
  files: DriveFile;
  calendars: Calendar;
  events: CalendarEvent;
}
export type TableName = keyof Tables;
export type State = { [T in TableName]: Record<string, Record<string, Tables[T]>> };
export type Change = {
  [T in TableName]: readonly [table: T, partition: string, key: string, row: Tables[T] | null];
}[TableName];

export function emptyState(): State {
  return {
    accounts: {},
    organizations: {},
    serviceAccounts: {},
    clients: {},
    codes: {},
    refreshTokens: {},
    accessTokens: {},
    keys: {},
    labels: {},
    messages: {},
    drives: {},
    files: {},
    calendars: {},
    events: {},
  };
}
