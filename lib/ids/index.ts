export { type IdKind, type IdKinds, idKindKey, idOf, markId } from './contract';
export { endOfDay, firstIdOf, startOfDay } from './moment';
