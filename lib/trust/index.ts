export type { ReportHead, ReportKind, TrustFacts, TrustReport, TrustReports } from './contract';
export { latestReports, trustFacts } from './read';
export { recordReport } from './record';
export { releasedReports } from './released';
