import type { ConnectionState } from '@/lib/connections/contract';
import type { Authority, ProviderKey } from '@/lib/providers/contract';

type Words = Readonly<Partial<Record<ConnectionState, string>>>;

const google: Readonly<Record<Authority, Words>> = {
  delegated: {
    needs_reconsent:
      'At Google that happens when its owner removes Tenantry from their account, changes the password, or has not used it for half a year. Its owner connects it again.',
    needs_scopes: 'Somebody left a box unticked on Google’s page. Its owner ticks it this time.',
    blocked_by_policy:
      'An administrator has not let Tenantry in under App access control in Google’s Admin console, or asks people to sign in anew.',
  },
  application: {
    needs_reconsent:
      'The key was deleted, the service account was switched off, or its delegation was taken back. A super administrator puts it right, or gives a new key here.',
    needs_scopes: 'The delegation in Google’s Admin console lacks a scope. Add it there.',
    blocked_by_policy: 'A rule of your Google Workspace keeps the service account out.',
  },
};

const microsoft: Readonly<Record<Authority, Words>> = {
  delegated: {
    needs_reconsent:
      'At Microsoft that happens when its owner or an administrator takes the consent back, after a changed password, or when a sign-in has to be confirmed anew. Its owner connects it again.',
    needs_scopes: 'A permission was taken back at Microsoft. Its owner allows it again.',
    blocked_by_policy:
      'Conditional access of your organisation does not let Tenantry sign in for this person.',
  },
  application: {
    needs_reconsent:
      'An administrator has removed Tenantry, or its consent, from Enterprise applications. One consents again.',
    needs_scopes: 'An administrator has taken a permission back. One consents again.',
    blocked_by_policy:
      'Conditional access for workload identities keeps Tenantry out. Exempt it, or allow its addresses.',
  },
};

const slack: Words = {
  needs_reconsent:
    'At Slack that happens when the app is removed, or who installed it is deactivated. An administrator or owner of the workspace adds it again.',
  needs_scopes:
    'The app lacks a permission in this workspace. One of its administrators or owners allows it.',
  blocked_by_policy: 'The workspace’s rules for apps keep Tenantry out.',
};

const words: Readonly<Record<ProviderKey, Readonly<Record<Authority, Words>>>> = {
  google,
  microsoft,
  slack: { delegated: slack, application: slack },
};

/** What usually is behind a state at this provider, and who can put it right; null for the others. */
export const usualCause = (
  provider: ProviderKey,
  authority: Authority,
  state: ConnectionState,
): string | null => words[provider][authority][state] ?? null;
