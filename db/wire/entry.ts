import type { Pool } from 'pg';
import type { Asker } from '../observe';
import type { Prelude } from './exchange';

/** A way into the database: on whose connections, as whom, and what each transaction begins with. */
export interface Entry extends Asker {
  readonly pool: Pool;
  readonly scope: readonly Prelude[];
}
