export type {
  ConnectionHealth,
  NextRun,
  Overview,
  RecentRun,
  SetupProgress,
} from './contract';
export { readOverview } from './read';
