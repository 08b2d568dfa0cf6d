export { browseDenials, denialColumns, denialConditions, shownDenial } from './browse';
export { type DenialFilter, type DenialRow, denialFilter } from './contract';
export type { Denial } from './denial';
export { isForgedContext } from './forged';
export { denialQueue, onDenialRecorded, putOnRecord } from './record';
