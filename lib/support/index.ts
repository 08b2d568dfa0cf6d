export { askForSupport } from './ask';
export { listSupportRequests, waitingRequests } from './console';
export {
  askToMendInput,
  decideSupportInput,
  endSupportInput,
  ownSupportInput,
  platformRequestFilter,
  type SupportDesk,
  type SupportNow,
  startSupportInput,
  supportAccessInput,
} from './contract';
export { decideSupport } from './decide';
export { readSupportDesk } from './desk';
export { supportFunctions } from './functions';
export { askToMend, letMend } from './mend';
export { startSupport } from './start';
export { resumeSupport, stopSupport } from './stop';
export {
  endSupportNow,
  listSupportSessions,
  setSupportAccess,
  supportAccess,
  supportNow,
} from './tenant';
