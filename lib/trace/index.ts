export type { RequestTrace } from './contract';
export { traceRequest } from './request';
