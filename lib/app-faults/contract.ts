import type { ProviderKey } from '@/lib/providers/contract';

/** A provider that does not accept our own client at the moment. Instants are ISO 8601 in UTC. */
export interface AppFaultView {
  readonly provider: ProviderKey;
  readonly since: string;
}
