import type {
  Authority,
  ConsentForm,
  DiscoveredChange,
  DiscoveryPhase,
  DiscoveryProgress,
  ProviderKey,
  ProviderScope,
} from './contract';

/** The account or organisation behind a connection, as the provider names it. */
export interface ProviderAccount {
  /**
   * Never changes (delegated: Google `sub`, Microsoft `oid`; application: Google's customer id,
   * Microsoft `tid`, Slack team id).
   */
  readonly accountId: string;
  /** Mail address of the person; null where the whole organisation is behind it. */
  readonly email: string | null;
  /** Name of the person or the organisation, for people to read. */
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

/** What fresh access tokens are got with. */
export type Grant =
  | {
      readonly kind: 'refresh_token';
      readonly refreshToken: string;
    }
  /** Our own client, in an organisation whose administrator has consented to it. */
  | { readonly kind: 'client_credentials'; readonly organizationId: string }
  | {
      readonly kind: 'service_account';
      /** The key file that the administrator downloaded: JSON. */
      readonly key: string;
      /** Mail address of the administrator it speaks for. */
      readonly subject: string;
      /** What the administrator has allowed it, as found when it was connected. */
      readonly scopes: readonly string[];
    };

export interface AuthorizationRequest {
  readonly state: string;
  /** PKCE challenge, method S256 (RFC 7636). */
  readonly codeChallenge: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly loginHint?: string | undefined;
  /**
   * The scopes come on top of what the account has granted us before: the page asks for these only,
   * and the token covers both.
   */
  readonly incremental?: boolean | undefined;
}

export interface CodeExchange {
  readonly code: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
}

export interface RefreshOptions {
  /** What a refused call demanded of the next token, as `ProviderWay.demandedClaims` read it. */
  readonly claims?: string | undefined;
}

/** Every method throws `ProviderError` and nothing else. */
export interface ProviderOAuth {
  /** A fresh PKCE pair; the verifier stays on our side until the code comes back. */
  createPkce(): Promise<{ readonly codeVerifier: string; readonly codeChallenge: string }>;
  authorizationUrl(request: AuthorizationRequest): string;
  exchangeCode(exchange: CodeExchange): Promise<TokenSet>;
  /** One call, never repeated by itself: the caller holds the lock and decides. */
  refresh(grant: Grant, options?: RefreshOptions): Promise<TokenSet>;
  /**
   * A token that speaks for one person of the organisation, and may do what concerns that person only;
   * where there is such a thing. One call, never repeated by itself.
   * @param address their mail address
   * @throws ProviderError `forbidden` or `not_found` when it is about this person alone
   */
  readonly refreshFor?: (grant: Grant, address: string) => Promise<TokenSet>;
  /**
   * Takes back the whole grant. A token that is gone already counts as revoked.
   * @param token what the grant is held by: the refresh token, or the access token without one
   * @param accessToken for providers that revoke by it; `token` when left out
   * @returns false where the provider offers no such call: somebody has to do it on its own page
   */
  revoke(token: string, accessToken?: string): Promise<boolean>;
  account(accessToken: string): Promise<ProviderAccount>;
}

/**
 * What an administrator's consent page led back with. The organisation is what the address says:
 * anybody could have written it there, so that it proves nothing.
 */
export type AdminConsentAnswer =
  | { readonly consented: true; readonly organizationId: string }
  | { readonly consented: false; readonly error: string; readonly description: string | null };

/** Somebody whom the provider itself has shown to belong to an organisation. */
export interface OrganizationPerson {
  readonly organizationId: string;
  /** The provider's id of the person (Microsoft `oid`). */
  readonly personId: string;
  readonly name: string | null;
  /** What they sign in with. */
  readonly address: string | null;
}

export interface VerifiedOrganization {
  readonly account: ProviderAccount;
  /** The organisation's main mail domain, or null. */
  readonly domain: string | null;
  readonly tokens: TokenSet;
  readonly grant: Grant;
}

/**
 * Consent by an administrator for the whole organisation. Three steps, in this order, in one browser:
 * `url` → `read`, `proofUrl` → `prove`, then `verify`. Without the second and the third anybody could
 * claim an organisation that has consented to us once. Methods that ask the provider throw
 * `ProviderError`.
 */
export interface AdminConsent {
  url(request: {
    readonly state: string;
    readonly redirectUri: string;
    /** The organisation, where it is known already (reconsent). */
    readonly organizationId?: string | undefined;
  }): string;
  /** @param answer the query of the address that the page led back to */
  read(answer: URLSearchParams): AdminConsentAnswer;
  /** A sign-in to exactly that organisation, which asks for no permission beyond knowing who it is. */
  proofUrl(request: {
    readonly organizationId: string;
    readonly state: string;
    /** PKCE challenge, method S256. */
    readonly codeChallenge: string;
    readonly redirectUri: string;
  }): string;
  /**
   * Who signed in, by a token whose signature, issuer, audience and organisation were checked.
   * @throws ProviderError `forbidden`, code `other_organization`, when it was another organisation
   */
  prove(exchange: CodeExchange & { readonly organizationId: string }): Promise<OrganizationPerson>;
  /**
   * Sign in as ourselves in that organisation, and ask whether the person is an administrator there.
   * @throws ProviderError `forbidden`, code `not_an_administrator`; `needs_scopes` when what the
   *   question takes was not consented to
   */
  verify(person: OrganizationPerson): Promise<VerifiedOrganization>;
}

/** What a service account's key file says of it; nothing here is secret. */
export interface ServiceAccountKey {
  readonly email: string;
  /** What an administrator enters to let it speak for the organisation's people. */
  readonly clientId: string;
  /** The provider's name for where it lives, so that people find it again. */
  readonly projectId: string;
}

/**
 * A service account that the organisation itself made, with leave to speak for its people. The key is
 * the proof of authority: who holds it may do all of this without us.
 */
export interface ServiceAccountConsent {
  /** The scopes exactly as the administrator pastes them, commas between. */
  readonly scopeList: string;
  /** The page where that is done. */
  readonly consoleUrl: string;
  /** Looks only: nothing is asked of the provider. @returns the key, or plain words on its fault */
  readKey(text: string): ServiceAccountKey | { readonly fault: string };
  /**
   * Try the key: speak for the administrator, and ask who the organisation is.
   * @param key the file's text @param administrator a mail address
   * @throws ProviderError, whose `publicMessage` says what to click; `forbidden`, code
   *   `not_an_administrator`
   */
  verify(key: string, administrator: string): Promise<VerifiedOrganization>;
}

/**
 * What a client reaches the provider through. The connections' door supplies both, so that every
 * call has a fresh token, takes from the tenant's budget and is on the record.
 */
export interface ProviderTransport {
  /** @param rejected a token that the provider has just refused: anything else will do */
  readonly accessToken: (rejected?: string) => Promise<string>;
  readonly fetch: typeof fetch;
  /** What the account granted: nothing is asked for that this does not cover. */
  readonly scopes: readonly string[];
  /**
   * The same, speaking for one person of the organisation (a mail address), with that person's own
   * token and budget; absent where the connection is one person's already, or needs no such token.
   */
  readonly subject?: (address: string) => ProviderTransport;
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

export interface ChannelMessage {
  readonly channelId: string;
  /** Plain text; line breaks are kept. */
  readonly text: string;
  /** Chosen by the caller and the same on every attempt (a UUID): how a lost answer is found again. */
  readonly key: string;
}

export interface PostedMessage {
  readonly id: string;
  readonly link: string | null;
}

/** Channels that people talk in. */
export interface ChannelActions {
  /** Not safe to repeat: after an ambiguous failure ask `findPosted` first. */
  post(message: ChannelMessage): Promise<PostedMessage>;
  /**
   * The message posted with this key, or null when it never got there; `unclear` where the provider
   * does not let us look.
   */
  findPosted(
    message: Pick<ChannelMessage, 'channelId' | 'key' | 'text'>,
  ): Promise<PostedMessage | 'unclear' | null>;
}

/** Looking after channels. Every method is safe to repeat. */
export interface ChannelAdministration {
  /** The channel of that name, made if it isn't there. */
  open(
    name: string,
    isPrivate: boolean,
  ): Promise<{ readonly id: string; readonly created: boolean }>;
  /** The channel of that name, or null; changes nothing (for a dry run). */
  find(name: string): Promise<{ readonly id: string; readonly archived: boolean } | null>;
  /** The account of somebody, by mail address; null when the provider knows nobody of that address. */
  findPerson(address: string): Promise<string | null>;
  archive(channelId: string): Promise<void>;
  /** @param accountIds people, as the provider names them; who is in it already stays so */
  invite(channelId: string, accountIds: readonly string[]): Promise<void>;
}

/** Where a provider tells us by itself what happens to a connection. */
export interface NoticeSubscription {
  /** The provider's id of it. */
  readonly id: string;
  /** Nothing is told after that, unless it is renewed. */
  readonly expiresAt: Date;
}

/** For providers that have to be asked, connection by connection, to tell us anything. */
export interface NoticeSubscriptions {
  /**
   * @param target the address that is told, and a secret that each notice has to bring along
   */
  create(target: {
    readonly address: string;
    readonly secret: string;
  }): Promise<NoticeSubscription>;
  /** @throws ProviderError `not_found` when the provider has dropped it: make another */
  renew(id: string): Promise<NoticeSubscription>;
  remove(id: string): Promise<void>;
}

/**
 * Where listings of an earlier discovery can be continued from, by the listings' names; many at once,
 * for an organisation has thousands.
 */
export interface DiscoveryCursors {
  /** The cursors kept for these listings; one without is to be listed whole. */
  read(scopes: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Keep where these listings can be continued next time; null forgets it. Called when all of their
   * batches were taken in.
   */
  write(cursors: ReadonlyMap<string, string | null>): Promise<void>;
}

export interface DiscoveryOptions {
  /** These phases only, so that each can be a step of its own; all of them by default. */
  readonly only?: readonly DiscoveryPhase[];
  /** Awaited after each batch and at the end of each phase. */
  readonly report?: (progress: DiscoveryProgress) => void | Promise<void>;
  /** Without them everything is listed whole. */
  readonly cursors?: DiscoveryCursors;
}

/** One account or organisation at one provider. Every method throws `ProviderError` only. */
export interface ProviderClient {
  readonly provider: ProviderKey;
  /**
   * Everything there is, in batches that follow the provider's pages, parents before children where
   * the provider lets us. Holds one page in memory.
   */
  discover(options?: DiscoveryOptions): AsyncGenerator<readonly DiscoveredChange[]>;
  readonly mail: MailActions | null;
  readonly calendar: CalendarActions | null;
  readonly files: FileActions | null;
  readonly channels: ChannelActions | null;
  readonly channelAdministration: ChannelAdministration | null;
  /** Absent where the provider tells without being asked, or tells nothing. */
  readonly subscriptions?: NoticeSubscriptions | null;
  /**
   * For a whole organisation: the client of one of its people (a mail address), whose mail, calendar
   * and files it then is. Null where the connection is one person's, or has no such thing.
   */
  readonly person: ((address: string) => ProviderClient) | null;
}

/** One way to connect a provider, with what it asks for and what can be done over it. */
export interface ProviderWay {
  readonly provider: ProviderKey;
  readonly authority: Authority;
  readonly form: ConsentForm;
  /** Permissions asked for, in the order people should read them. */
  readonly scopes: readonly ProviderScope[];
  /**
   * Taking back one token ends everything that the account has granted our client, in whichever
   * connection, and in whichever organisation here.
   */
  readonly sharedGrant?: true;
  /** Its consent page can ask for what is missing only (`AuthorizationRequest.incremental`). */
  readonly incremental?: true;
  /** What discovery goes through, in order. */
  readonly phases: readonly DiscoveryPhase[];
  oauth(fetchImplementation?: typeof fetch): ProviderOAuth;
  /** For the form `admin_consent` only. */
  readonly adminConsent?: (fetchImplementation?: typeof fetch) => AdminConsent;
  /** For the form `service_account` only. */
  readonly serviceAccount?: (fetchImplementation?: typeof fetch) => ServiceAccountConsent;
  client(transport: ProviderTransport): ProviderClient;
  /**
   * What a call that was refused with 401 demands of the next token (Microsoft: a claims challenge),
   * to be given to `refresh` before the call is made once more; null when it demands nothing.
   */
  readonly demandedClaims?: (headers: Headers) => string | null;
}

/** A provider: how to be let in, and what to do once inside. */
export interface Provider {
  readonly key: ProviderKey;
  /** The ways to connect it, the usual one first. */
  readonly ways: readonly ProviderWay[];
  /** Whether this installation has a client id for it (or runs on the emulator). */
  configured(): boolean;
  /**
   * Plain words for the `error` on the redirect back from the consent page.
   * @param description its `error_description`: never shown, it only tells refusals apart
   */
  explainConsentRefusal(error: string, description?: string | null): string;
  /** Whether that refusal means that only an administrator may consent: hand them a link. */
  readonly asksForAdministrator?: (error: string, description: string | null) => boolean;
}
