import { csvText } from '@/lib/csv';
import type { UsageReport } from './contract';

const columns = [
  { key: 'at', header: 'at' },
  { key: 'runs', header: 'runs' },
  { key: 'steps', header: 'steps' },
  { key: 'providerCalls', header: 'provider_calls' },
  { key: 'effects', header: 'changes_made' },
  { key: 'activeMembers', header: 'active_members' },
  { key: 'storage', header: 'storage_bytes' },
] as const satisfies readonly { key: keyof UsageReport['points'][number]; header: string }[];

/** A report's hours or days as CSV (RFC 4180, UTF-8). Times are the starts, in UTC. */
export function usageCsv({ points }: UsageReport): string {
  return csvText(columns, points);
}
