import { applyTableChange, TableStore } from '../tables';
import type { Change, State, Tables } from './state';

/** Put one change into the state; replaying it leaves the state as it is. */
export function applyChange(state: State, change: Change): void {
  // The snapshot may be of a version that did not have this table.
  state[change[0]] ??= {};
  applyTableChange<Tables>(state, change);
}

/** Reads and writes the state of the emulated Google. */
export class Store extends TableStore<Tables> {}
