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
   * Sign in as ourselves in that organisation, and ask whether the person is an administrator there
   * who may let us in.
   * @param options.again it is for a connection that was this organisation's before: whoever looks
   *   after its apps will do. Otherwise it takes who may consent for the organisation, since its
   *   consent may have been given to another connection
   * @throws ProviderError `forbidden`, code `not_an_administrator`; `needs_scopes` when what the
   *   question takes was not consented to
   */
  verify(
    person: OrganizationPerson,
    options?: { readonly again?: boolean },
  ): Promise<VerifiedOrganization>;
}

/**
 * Leave for the people of an organisation to let us in, which its administrator gives where they may
 * not do so by themselves. It connects nothing: each of them still consents for an account of their own.
 */
export interface Allowance {
  url(request: {
    readonly state: string;
    readonly redirectUri: string;
    readonly scopes: readonly string[];
    /** The organisation, where it is known already. */
    readonly organizationId?: string | undefined;
  }): string;
  /** As with an administrator's consent, it proves nothing. */
  read(answer: URLSearchParams): AdminConsentAnswer;
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
