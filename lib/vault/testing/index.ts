import { randomBytes } from 'node:crypto';
import { holdKeys } from '../current-key';
import { localKey } from '../key-encryption-key';
import { createKeyFile } from '../key-file';
import { forgetKeys } from '../unwrapped';

/** Give this test process a key encryption key of its own; nothing is written to disk. */
export function holdTestKey(): void {
  forgetKeys();
  holdKeys(localKey(randomBytes(32)));
}

/** The same with one that another process finds at `path`, as its `KEY_FILE`. */
export function holdTestKeyFile(path: string): void {
  forgetKeys();
  holdKeys(createKeyFile(path));
}
