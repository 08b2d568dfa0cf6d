import { randomBytes } from 'node:crypto';
import { holdKey } from '../current-key';
import { localKey } from '../key-encryption-key';
import { forgetKeys } from '../tenant-keys';

/** Give this test process a key encryption key of its own; nothing is written to disk. */
export function holdTestKey(): void {
  forgetKeys();
  holdKey(localKey(randomBytes(32)));
}
