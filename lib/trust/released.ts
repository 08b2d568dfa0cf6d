import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NewReport } from '@/db';
import { reportHead } from './contract';

/** A file of `docs/trust` as a report to keep; undefined for what is none. */
function readReport(file: string, version: string): NewReport | undefined {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
  const head = reportHead.safeParse(document).data;
  if (!head) return undefined;
  const finishedAt = new Date(head.finishedAt);
  return {
    kind: head.kind,
    startedAt: head.startedAt ? new Date(head.startedAt) : finishedAt,
    finishedAt,
    passed: head.passed,
    failed: head.failed,
    classes: head.classes,
    document,
    version: head.version ?? version,
    commit: head.commit ?? undefined,
    sourcesDigest: head.sourcesDigest ?? undefined,
  };
}

/**
 * The reports that a release brings along, in `docs/trust/*.json`.
 * @param root where the product is
 * @param version the product's own, for a report that does not say
 */
export function releasedReports(root: string, version: string): NewReport[] {
  const folder = join(root, 'docs', 'trust');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => readReport(join(folder, name), version) ?? []);
}
