import type {
  CalendarActions,
  ChannelActions,
  ChannelAdministration,
  FileActions,
  MailActions,
} from './actions';
import type {
  Authority,
  ConsentForm,
  DiscoveredChange,
  DiscoveryPhase,
  DiscoveryProgress,
  ProviderKey,
  ProviderScope,
} from './contract';
import type { AdminConsent, Allowance, ProviderOAuth, ServiceAccountConsent } from './oauth';

export type * from './actions';
export type * from './oauth';

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
  /** Where people may need an administrator's leave before they can connect their own accounts. */
  readonly allowance?: () => Allowance;
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
