import { z } from 'zod';

/** What a browser may know of providers: names, kinds, and how a call can fail. */
export const providerKeys = ['google', 'microsoft', 'slack'] as const;
export type ProviderKey = (typeof providerKeys)[number];
export const providerKeySchema = z.enum(providerKeys);

export const providerNames: Readonly<Record<ProviderKey, string>> = {
  google: 'Google Workspace',
  microsoft: 'Microsoft 365',
  slack: 'Slack',
};

/**
 * In whose name a connection acts: for one person who consented (`delegated`), or for the whole
 * organisation by its administrator's leave (`application`).
 */
export const authorities = ['delegated', 'application'] as const;
export type Authority = (typeof authorities)[number];
export const authoritySchema = z.enum(authorities);

export const authorityNames: Readonly<Record<Authority, string>> = {
  delegated: 'One person’s account',
  application: 'The whole organisation',
};

/**
 * How a way of connecting begins: at the provider's consent page, at its page for administrators,
 * or with a service account's key that the administrator has made.
 */
export const consentForms = ['authorization_code', 'admin_consent', 'service_account'] as const;
export type ConsentForm = (typeof consentForms)[number];

export const resourceKinds = [
  'user',
  'mailbox',
  'label',
  'site',
  'drive',
  'folder',
  'file',
  'calendar',
  'team',
  'channel',
] as const;
export type ResourceKind = (typeof resourceKinds)[number];
export const resourceKindSchema = z.enum(resourceKinds);

export const resourceKindNames: Readonly<Record<ResourceKind, string>> = {
  user: 'Person',
  mailbox: 'Mailbox',
  label: 'Label',
  site: 'Site',
  drive: 'Drive',
  folder: 'Folder',
  file: 'File',
  calendar: 'Calendar',
  team: 'Team',
  channel: 'Channel',
};

/** One permission that a person is asked to give, in words they can judge. */
export interface ProviderScope {
  /** The provider's own name for it, as it appears in a token's scope list. */
  readonly scope: string;
  readonly title: string;
  /** What we do with it and what we don't. */
  readonly reason: string;
  /**
   * Asked for at the first consent; without it the connection is `needs_scopes`. The others are asked
   * for when something first needs them (`AuthorizationRequest.incremental`).
   */
  readonly required: boolean;
}

/**
 * How a call to a provider failed, in the terms that decide what happens next.
 *
 * | kind | what to do |
 * |---|---|
 * | `throttled` | wait `retryAfterSeconds`, try again; never refresh |
 * | `temporarily_unavailable` | back off, try again; the connection becomes `degraded` |
 * | `token_rejected` | refresh once, try again; a second time it is `needs_reconsent` |
 * | `needs_reconsent` | the authority is gone; ask the people concerned |
 * | `needs_scopes` | the authority is too narrow; ask for more |
 * | `blocked_by_policy` | the organisation's administrator forbids it |
 * | `app_fault` | our own client is misconfigured; page the operator, never the tenant |
 * | `forbidden` | this one resource is out of reach; the connection is fine |
 * | `not_found` | it is gone, or never was |
 * | `conflict` | it exists already, or changed meanwhile |
 * | `invalid_request` | the provider does not accept what we asked; trying again is of no use |
 * | `invalid_response` | the answer is not what its documentation promises |
 */
export const providerFailureKinds = [
  'throttled',
  'temporarily_unavailable',
  'token_rejected',
  'needs_reconsent',
  'needs_scopes',
  'blocked_by_policy',
  'app_fault',
  'forbidden',
  'not_found',
  'conflict',
  'invalid_request',
  'invalid_response',
] as const;
export type ProviderFailureKind = (typeof providerFailureKinds)[number];

interface FailureDetail {
  /** HTTP status, or null when no answer came. */
  readonly status: number | null;
  /** The provider's own code or reason (`rateLimitExceeded`, `invalid_grant`), for the record. */
  readonly code: string | null;
  /** What somebody can do about it, in plain words, where the usual ones would not help. */
  readonly advice?: string;
}

export type ProviderFailure = FailureDetail &
  (
    | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }
    | { readonly kind: 'temporarily_unavailable'; readonly retryAfterSeconds: number | null }
    | {
        readonly kind: 'needs_scopes';
        /** Scopes of which any one would do; empty when the provider does not say. */
        readonly missing: readonly string[];
      }
    | {
        readonly kind: 'blocked_by_policy';
        /** It reads so when one organisation meets it; when every one does, it is `app_fault`. */
        readonly doubtful?: boolean;
      }
    | {
        readonly kind: Exclude<
          ProviderFailureKind,
          'throttled' | 'temporarily_unavailable' | 'needs_scopes' | 'blocked_by_policy'
        >;
      }
  );

// Only what has happened: whether it is tried again is for the caller to know, and to say.
const publicMessages: Readonly<Record<ProviderFailureKind, string>> = {
  throttled: 'The provider asks us to slow down.',
  temporarily_unavailable: 'The provider does not answer at the moment.',
  token_rejected: 'The provider no longer accepts the current sign-in.',
  needs_reconsent: 'The provider no longer accepts this connection. Please connect it again.',
  needs_scopes: 'This connection lacks a permission. Please connect it again and allow it.',
  blocked_by_policy: 'The administrator of your organisation does not allow this.',
  app_fault: 'Something is wrong with how Tenantry is set up at the provider. We are on it.',
  forbidden: 'This account may not do that at the provider.',
  not_found: 'The provider does not know it (any more).',
  conflict: 'The provider says that it already exists or has changed meanwhile.',
  invalid_request: 'The provider did not accept what was asked.',
  invalid_response: 'The provider gave an answer that makes no sense.',
};

/**
 * Every failed provider call is one of these. Carries no token, body or address: its message and
 * its `failure` may be logged, stored and shown.
 */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';

  /**
   * @param provider who was called
   * @param operation what was called, e.g. `gmail.messages.send`
   * @param failure the class of the failure
   * @param ambiguous whether the call may have taken effect at the provider although it failed
   *   (no answer, 5xx or an unreadable answer to a write): look before trying again
   */
  constructor(
    readonly provider: ProviderKey,
    readonly operation: string,
    readonly failure: ProviderFailure,
    readonly ambiguous = false,
    options?: { cause?: unknown },
  ) {
    super(
      `${operation}: ${failure.kind}${failure.code ? ` (${failure.code})` : ''}${
        failure.status ? `, HTTP ${failure.status}` : ''
      }`,
      options,
    );
  }

  get kind(): ProviderFailureKind {
    return this.failure.kind;
  }

  /** What a person may be told. */
  get publicMessage(): string {
    return this.failure.advice ?? publicMessages[this.failure.kind];
  }

  /** Whether the same call may succeed later without anybody doing anything. */
  get retryable(): boolean {
    return (
      this.kind === 'throttled' ||
      this.kind === 'temporarily_unavailable' ||
      this.kind === 'invalid_response'
    );
  }
}

export const discoveryPhases = [
  'people',
  'mailbox',
  'drives',
  'files',
  'calendars',
  'channels',
] as const;
export type DiscoveryPhase = (typeof discoveryPhases)[number];

/** How far a discovery is: `found` resources in this phase so far, `total` where it is known. */
export interface DiscoveryProgress {
  readonly phase: DiscoveryPhase;
  readonly found: number;
  readonly total: number | null;
  readonly done: boolean;
}

/** What a resource is like at the provider; small, plain JSON, safe to show its tenant. */
export type ResourceAttributes = Readonly<
  Record<string, string | number | boolean | null | readonly string[]>
>;

export interface DiscoveredResource {
  readonly kind: ResourceKind;
  /** The provider's id, unique within kind and connection. */
  readonly providerId: string;
  /** The provider id of what holds it (label → mailbox, file → folder or drive), or null. */
  readonly parentProviderId: string | null;
  readonly name: string;
  readonly attributes: ResourceAttributes;
  /**
   * The listing it was found in, where that listing can be continued from a cursor later: what such
   * a listing does not mention again is still there.
   */
  readonly scope?: string;
}

/** What a continued listing says is no longer there. */
export interface RemovedResource {
  readonly kind: ResourceKind;
  readonly providerId: string;
  readonly removed: true;
}

export type DiscoveredChange = DiscoveredResource | RemovedResource;
