export { type Checkpoint, openCheckpoint, readCheckpoint } from './checkpoint';
export { RecordError, type RecordFault } from './errors';
export { openNote, rawPublicKey, signNote, verifierKey } from './note';
export { publishCheckpoints } from './publish';
export { sealRecord } from './seal';
export { startSealing, stopSealing } from './sealer';
export { checkpointEvery, type FinalCheckpoint, finalCheckpoint, signCheckpoints } from './sign';
export { signingKeys } from './signing-key';
