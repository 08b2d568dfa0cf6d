import type {
  DiscoveredResource,
  DiscoveryPhase,
  DiscoveryProgress,
  ProviderKey,
  ProviderScope,
} from './contract';

/** The account behind a connection, as the provider names it. */
export interface ProviderAccount {
  /** Never changes for one account (Google `sub`, Microsoft `oid`, Slack user id). */
  readonly accountId: string;
  readonly email: string;
  readonly name: string | null;
  /** The organisation it belongs to (Google `hd`, Microsoft `tid`, Slack team id); null for a private account. */
  readonly organizationId: string | null;
}

export interface TokenSet {
  readonly accessToken: string;
  /** Absent in most refreshes: keep the one you have. */
  readonly refreshToken: string | null;
  readonly expiresAt: Date;
  /** What was granted, which may be less than what was asked for. */
  readonly scopes: readonly string[];
}

export interface AuthorizationRequest {
  readonly state: string;
  /** PKCE challenge, method S256 (RFC 7636). */
  readonly codeChallenge: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly loginHint?: string | undefined;
}

export interface CodeExchange {
  readonly code: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
}

/** Every method throws `ProviderError` and nothing else. */
export interface ProviderOAuth {
  /** A fresh PKCE pair; the verifier stays on our side until the code comes back. */
  createPkce(): Promise<{ readonly codeVerifier: string; readonly codeChallenge: string }>;
  authorizationUrl(request: AuthorizationRequest): string;
  exchangeCode(exchange: CodeExchange): Promise<TokenSet>;
  /** One call, never repeated by itself: the caller holds the lock and decides. */
  refresh(refreshToken: string): Promise<TokenSet>;
  /** Takes back the whole grant. A token that is gone already counts as revoked. */
  revoke(token: string): Promise<void>;
  account(accessToken: string): Promise<ProviderAccount>;
}

/**
 * What a client reaches the provider through. The connections' door supplies both, so that every
 * call has a fresh token, takes from the tenant's budget and is on the record.
 */
export interface ProviderTransport {
  readonly accessToken: () => Promise<string>;
  readonly fetch: typeof fetch;
  /** What the account granted: nothing is asked for that this does not cover. */
  readonly scopes: readonly string[];
}

export interface MessageSearch {
  /** In the provider's own query language (Gmail: https://support.google.com/mail/answer/7190). */
  readonly query: string;
  /** Stop after so many; default 500. */
  readonly limit?: number;
}

export interface MessageAttachment {
  readonly filename: string;
  readonly mimeType: string;
  /** Bytes. */
  readonly size: number;
}

export interface MessageHeaders {
  readonly id: string;
  readonly threadId: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  /** When the provider accepted it. */
  readonly receivedAt: Date;
  /** The raw List-Unsubscribe header (RFC 2369), or null: a newsletter has one. */
  readonly listUnsubscribe: string | null;
  /** The Message-ID header (RFC 5322), angle brackets included, or null. */
  readonly messageId: string | null;
  readonly labelIds: readonly string[];
  readonly snippet: string;
  readonly attachments: readonly MessageAttachment[];
}

export interface LabelRef {
  readonly id: string;
  readonly name: string;
  /** Whether this very call made it. */
  readonly created: boolean;
}

export interface OutgoingMessage {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** Chosen by the caller and the same on every attempt, `<local@domain>`: how a send whose answer was lost is found again. */
  readonly messageId: string;
}

export interface SentMessage {
  readonly id: string;
  readonly threadId: string;
}

export interface MailActions {
  /** Message ids, newest first. Pages through by itself. */
  searchMessages(search: MessageSearch): AsyncGenerator<readonly string[]>;
  getMessage(id: string): Promise<MessageHeaders>;
  /** The label of that name, made if it isn't there. Safe to repeat. */
  ensureLabel(name: string): Promise<LabelRef>;
  /** The label of that name, or null; changes nothing (for a dry run). */
  findLabel(name: string): Promise<LabelRef | null>;
  /** Adds and removes labels on one message. Safe to repeat. */
  modifyMessageLabels(
    id: string,
    change: { readonly add?: readonly string[]; readonly remove?: readonly string[] },
  ): Promise<void>;
  /** Not safe to repeat: after an ambiguous failure ask `findSentByMessageId` first. */
  send(message: OutgoingMessage): Promise<SentMessage>;
  /** The sent message with this Message-ID, or null when it never left. */
  findSentByMessageId(messageId: string): Promise<SentMessage | null>;
}

export interface AgendaEvent {
  readonly id: string;
  readonly calendarId: string;
  readonly calendarName: string;
  readonly title: string;
  /** For a whole-day event midnight in the asked time zone. */
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly allDay: boolean;
  readonly location: string | null;
  readonly attendees: readonly string[];
  readonly link: string | null;
}

export interface NewEvent {
  readonly calendarId: string;
  /** Chosen by the caller, the same on every attempt; lower-case base32hex, 5 to 1,024 characters. */
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** IANA name. */
  readonly timeZone: string;
}

export interface CreatedEvent {
  readonly id: string;
  readonly link: string | null;
  /** False when an earlier attempt had made it already. */
  readonly created: boolean;
}

export interface CalendarActions {
  /**
   * What happens on one day in all calendars that are shown, sorted by start.
   * @param day any moment of that day @param timeZone IANA name that says when it begins and ends
   */
  eventsOnDay(day: Date, timeZone: string): Promise<readonly AgendaEvent[]>;
  /** Safe to repeat: the id makes a second attempt find the first one's event. */
  createEvent(event: NewEvent): Promise<CreatedEvent>;
}

export interface ExternalGrant {
  /** `anyone` by link, a foreign `domain`, or one foreign `person` or `group`. */
  readonly with: 'anyone' | 'domain' | 'person' | 'group';
  /** Mail address or domain; null for `anyone`. */
  readonly target: string | null;
  readonly role: string;
}

export interface ExternallySharedFile {
  readonly id: string;
  readonly name: string;
  readonly mimeType: string;
  readonly link: string | null;
  readonly modifiedAt: Date | null;
  readonly owner: string | null;
  readonly grants: readonly ExternalGrant[];
}

export interface FileActions {
  /**
   * Files one owns that somebody outside can open. Pages through by itself, batch by batch.
   * @param ownDomains mail domains that count as inside, lower case
   */
  externallySharedFiles(
    ownDomains: readonly string[],
  ): AsyncGenerator<readonly ExternallySharedFile[]>;
}

/** One account at one provider, over a transport. Every method throws `ProviderError` only. */
export interface ProviderClient {
  readonly provider: ProviderKey;
  /**
   * Everything the account has, in batches that follow the provider's pages, parents before
   * children where the provider lets us. Holds one page in memory.
   * @param report is awaited after each batch and at the end of each phase
   * @param only these phases, so that each can be a step of its own; all of them by default
   */
  discover(
    report?: (progress: DiscoveryProgress) => void | Promise<void>,
    only?: readonly DiscoveryPhase[],
  ): AsyncGenerator<readonly DiscoveredResource[]>;
  readonly mail: MailActions | null;
  readonly calendar: CalendarActions | null;
  readonly files: FileActions | null;
}

/** A provider: how to be let in, and what to do once inside. */
export interface Provider {
  readonly key: ProviderKey;
  /** Permissions asked for, in the order people should read them. */
  readonly scopes: readonly ProviderScope[];
  /** What discovery goes through, in order. */
  readonly phases: readonly DiscoveryPhase[];
  /** Whether this installation has a client id for it (or runs on the emulator). */
  configured(): boolean;
  /** Plain words for the `error` on the redirect back from the consent page. */
  explainConsentRefusal(error: string): string;
  oauth(fetchImplementation?: typeof fetch): ProviderOAuth;
  client(transport: ProviderTransport): ProviderClient;
}
