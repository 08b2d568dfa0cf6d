export type { ReportHead } from './contract';
export { latestReports, trustFacts } from './read';
export { recordReport } from './record';
export { releaseOf, runningRelease } from './release';
export { releasedReports } from './released';
export { sourcesDigest } from './sources';
