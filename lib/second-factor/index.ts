export {
  type Enrolment,
  type FactorState,
  factorCode,
  factorHolds,
  proveInput,
  type StandInCode,
} from './contract';
export {
  beginEnrolment,
  confirmEnrolment,
  type FactorChange,
  factorState,
  openEnrolment,
  removeFactor,
  renewRecoveryCodes,
  resetFactor,
} from './enrol';
export { hasFactor, proveFactor } from './prove';
export { showsStandIn, standInCode } from './stand-in';
export { type FactorNews, tellFactor } from './tell';
