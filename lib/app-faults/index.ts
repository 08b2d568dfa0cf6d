export type { AppFaultView } from './contract';
export { listAppFaults, type Passage, passGate } from './gate';
export { blamesUs, noticeAppFault, noticeSuccess } from './notice';
