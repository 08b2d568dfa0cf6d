export type { ReportHead, ReportKind, TrustReport, TrustReports } from './contract';
export { latestReports, type TrustFacts, trustFacts } from './read';
export { recordReport } from './record';
export { releasedReports } from './released';
