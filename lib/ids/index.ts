export { type IdKind, type IdKinds, idKindKey, idOf, markId } from './contract';
