export { acknowledge } from './acknowledge';
export { countOpenAlerts, listAlerts, openAlert } from './browse';
export {
  type AlertDetail,
  type AlertFilter,
  type AlertRow,
  acknowledgeInput,
  alertFilter,
} from './contract';
export { alertFunctions } from './functions';
export { lookSoon, watchDenials } from './watch';
