import type { Way } from '../way';

/** Another's way of reading, with connections of its own. */
export interface Peer extends Way {
  close(): Promise<void>;
}
