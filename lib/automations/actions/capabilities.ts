import { findWay, type ProviderKey } from '@/lib/providers';
import type { PermissionView } from '../contract';

/** What an action needs to be allowed to do, whichever provider does it. */
export type Capability =
  | 'mail.read'
  | 'mail.label'
  | 'mail.send'
  | 'calendar.read'
  | 'calendar.write'
  | 'files.read';

const gmailModify = 'https://www.googleapis.com/auth/gmail.modify';

/** The scope that gives a capability, by provider. */
const scopes: Readonly<Partial<Record<ProviderKey, Readonly<Record<Capability, string>>>>> = {
  google: {
    'mail.read': gmailModify,
    'mail.label': gmailModify,
    'mail.send': gmailModify,
    'calendar.read': 'https://www.googleapis.com/auth/calendar.readonly',
    'calendar.write': 'https://www.googleapis.com/auth/calendar.events',
    'files.read': 'https://www.googleapis.com/auth/drive.metadata.readonly',
  },
};

/** The permissions that these capabilities take at a provider, each once, with the words shown. */
export function permissionsFor(
  provider: ProviderKey,
  capabilities: readonly Capability[],
): readonly PermissionView[] {
  const table = scopes[provider];
  if (!table) throw new Error(`no scopes are known for ${provider}`);
  const known = findWay(provider, 'delegated')?.scopes ?? [];
  return [...new Set(capabilities.map((capability) => table[capability]))].map((scope) => ({
    scope,
    title: known.find((one) => one.scope === scope)?.title ?? scope,
  }));
}
