import { stringify } from 'csv-stringify/sync';
import type { UsageReport } from './contract';

const columns = [
  'at',
  'runs',
  'steps',
  'provider_calls',
  'changes_made',
  'active_members',
  'storage_bytes',
] as const;

/** A report's hours or days as CSV (RFC 4180, UTF-8). Times are the starts, in UTC. */
export function usageCsv({ points }: UsageReport): string {
  const rows = points.map((point) => [
    point.at,
    point.runs,
    point.steps,
    point.providerCalls,
    point.effects,
    point.activeMembers,
    point.storage ?? '',
  ]);
  return stringify([columns as readonly (string | number)[], ...rows], {
    escape_formulas: true,
    bom: true,
  });
}
