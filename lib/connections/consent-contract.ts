import { z } from 'zod';
import { idOf } from '@/lib/ids/contract';
import {
  type Authority,
  authoritySchema,
  type ConsentForm,
  type ProviderKey,
  providerKeySchema,
} from '@/lib/providers/contract';
import { emailAddress } from '@/lib/tenancy/contract';

const newConnection = z.strictObject({
  provider: providerKeySchema,
  authority: authoritySchema,
});
const knownConnection = z.strictObject({
  connectionId: idOf('connection'),
  /** Permissions to ask for besides those that are asked for anyway. */
  scopes: z.array(z.string().min(1).max(200)).max(30).optional(),
});

/** A new connection with a provider, or an existing one that needs consent again or for more. */
export const connectInput = z.union([newConnection, knownConnection]);

/** Bytes of a key file at most; Google's own are about 2,400. */
export const largestKeyFile = 16_384;
const serviceAccountKey = {
  key: z.string('Choose the key file.').min(1, 'Choose the key file.').max(largestKeyFile),
  administrator: emailAddress,
};
/** A service account's key, for a new connection or one that needs another. */
export const connectKeyInput = z.strictObject({
  wish: connectInput,
  ...serviceAccountKey,
});

/** Days that a link may be open for. */
export const linkDays = [1, 3, 7, 14, 30] as const;
export const linkTerms = z.strictObject({
  forEmail: emailAddress,
  message: z.string().trim().max(1_000, 'At most 1,000 characters.').optional(),
  days: z.union(linkDays.map((days) => z.literal(days))),
  /** Send the link to that address as well. */
  mail: z.boolean(),
  /** It connects nothing, and asks an administrator to let people connect their own accounts. */
  allowance: z.boolean().optional(),
});
export type LinkTerms = z.output<typeof linkTerms>;
export const handOverInput = z.strictObject({ wish: connectInput, terms: linkTerms });

/** A link as it is shown, once, to who made it. */
export interface MadeLink {
  readonly connectionId: string;
  readonly url: string;
  readonly forEmail: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  readonly mailed: boolean;
}

/** For whom a connection waits. Instants are ISO 8601 in UTC. */
export interface AwaitedConsent {
  readonly forEmail: string;
  readonly expiresAt: string;
  readonly openedAt: string | null;
  /** Who asked; null for the support of Tenantry. */
  readonly askedBy: string | null;
}

export const linkParams = z.object({ token: z.string().max(200) });
export const linkInput = z.strictObject({ token: z.string().max(200) });
export const linkKeyInput = linkInput.extend(serviceAccountKey);

interface AskedByLink {
  readonly tenantName: string;
  readonly asker: string;
  readonly provider: ProviderKey;
  readonly authority: Authority;
  readonly purpose: 'admin_consent' | 'reconsent' | 'allowance';
  /** What people call the connection; null while it is nobody's yet. */
  readonly account: string | null;
}

export type OpenConsentLink = AskedByLink & {
  readonly state: 'open';
  readonly form: ConsentForm;
  readonly message: string | null;
  /** ISO 8601. */
  readonly expiresAt: string;
  /** Exactly what will be asked for. */
  readonly scopes: readonly Omit<ScopeView, 'granted'>[];
  readonly keySetUp: KeySetUp | null;
};
export type ClosedConsentLink =
  | { readonly state: 'unknown' | 'suspended' | 'busy' }
  | (AskedByLink & { readonly state: 'used' | 'withdrawn' | 'expired' });
/** What a link leads to. */
export type ConsentLinkView = OpenConsentLink | ClosedConsentLink;

/** How a consent ended, as it travels in the address of the page one comes back to. */
export const consentOutcomes = {
  connected: { ok: true, message: 'It is connected. We look through it by ourselves.' },
  allowed: {
    ok: true,
    message: 'An administrator has allowed it. Now the account itself can be connected.',
  },
  not_all: {
    ok: true,
    message: 'It works as before. The further permission was not given, so it stays without it.',
  },
  scopes_missing: {
    ok: false,
    message:
      'A permission that is needed was not given. What worked before works on; connect again and allow all of them.',
  },
  denied: {
    ok: false,
    message:
      'Consent was not given on the provider’s page. Nothing has changed; try again any time.',
  },
  blocked: {
    ok: false,
    message:
      'The administrator of your organisation does not allow this app. Ask them to allow it, then try again.',
  },
  needs_administrator: {
    ok: false,
    message:
      'Only an administrator of your organisation may allow this. Hand them a link: they need no account here.',
  },
  not_administrator: {
    ok: false,
    message:
      'Connecting a whole organisation takes its Global Administrator or Privileged Role Administrator. Whoever signed in to confirm it is neither, so it was not connected.',
  },
  roles_pending: {
    ok: false,
    message:
      'Consent was given, but the provider has not passed the permissions on yet. Wait a minute, then go on once more.',
  },
  expired: {
    ok: false,
    message: 'That took longer than ten minutes, so it was stopped to be safe. Please start again.',
  },
  reused: {
    ok: false,
    message: 'This consent was used already. If the connection is not there, please start again.',
  },
  ended: {
    ok: false,
    message:
      'The connection was disconnected or discarded meanwhile, so nothing was connected. Please start again if you want it.',
  },
  foreign: {
    ok: false,
    message:
      'This consent was not started here by you in this browser and organisation, so it was refused. Please start again.',
  },
  other_account: {
    ok: false,
    message:
      'You chose a different account than the one of this connection. Nothing has changed: choose the same account, or make a new connection.',
  },
  other_organisation: {
    ok: false,
    message:
      'That is a different organisation at the provider than the one of this connection. Nothing has changed: choose the same one, or make a new connection.',
  },
  link_closed: {
    ok: false,
    message: 'The link was used, withdrawn or ran out meanwhile. Nothing has changed.',
  },
  app_fault: {
    ok: false,
    message:
      'The provider does not let Tenantry itself in at the moment. Nothing is lost and nothing is wrong on your side: we were told and are on it. Please try again later.',
  },
  provider_failed: {
    ok: false,
    message: 'The provider did not answer as expected. Nothing is lost; please try again shortly.',
  },
} as const satisfies Record<string, { readonly ok: boolean; readonly message: string }>;
export type ConsentOutcome = keyof typeof consentOutcomes;
const outcomeKeys = Object.keys(consentOutcomes) as [ConsentOutcome, ...ConsentOutcome[]];

/** Parameters of a page that a consent may lead back to. */
export const consentSearch = z.object({
  consent: z.enum(outcomeKeys).optional().catch(undefined),
});

/** The same, with permissions that something asks for: scopes with commas between. */
export const connectionSearch = consentSearch.extend({
  allow: z.string().min(1).max(2_000).optional().catch(undefined),
});

const answered = z.string().min(1).max(4_096).optional().catch(undefined);
/**
 * What a provider puts on the address that it leads back to (RFC 6749 §4.1.2), and Microsoft's page
 * for administrators besides.
 */
export const consentAnswer = z.object({
  state: answered,
  code: answered,
  error: answered,
  error_description: answered,
  admin_consent: answered,
  tenant: answered,
});

/** A permission in words people can judge, and whether it was given. */
export interface ScopeView {
  readonly scope: string;
  readonly title: string;
  readonly reason: string;
  readonly required: boolean;
  readonly granted: boolean;
}

/** What an administrator does on the provider's side before a key works. */
export interface KeySetUp {
  /** The scopes exactly as they are to be pasted. */
  readonly scopeList: string;
  /** The page where that is done. */
  readonly consoleUrl: string;
}

/** Why a key was not taken, in words, and at which field that is to be put right. */
export interface KeyFault {
  readonly field: 'key' | 'administrator' | null;
  readonly message: string;
}

/** What came of a key that somebody gave. */
export type KeyOutcome =
  | { readonly connectionId: string; readonly outcome: ConsentOutcome }
  | { readonly fault: KeyFault };

/** A way to connect a provider here, with what it will be asked for. */
export interface ConnectableWay {
  readonly provider: ProviderKey;
  readonly authority: Authority;
  readonly form: ConsentForm;
  readonly scopes: readonly Omit<ScopeView, 'granted'>[];
  readonly keySetUp: KeySetUp | null;
  /** People may need an administrator's leave first, which a link can ask for. */
  readonly allowance: boolean;
}
