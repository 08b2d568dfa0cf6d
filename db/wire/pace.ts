import type { Outcome } from './exchange';
import { oncePerProcess } from './once';

/** Milliseconds that a statement takes at most that others may wait for. */
export const SHORT = 10;

/** Runs that have to be short, one after another, before a statement counts as short. */
const RUNS = 50;

/** Runs that are still to be short, by the statement's name. */
const left = oncePerProcess('pace', () => new Map<string, number>());

/** Whether a statement is known to be short: by its last runs, whoever asked. */
export function isShort(name: string | undefined): boolean {
  return name !== undefined && left.get(name) === 0;
}

/** A statement has taken longer than others may be made to wait. */
export function noteLong(name: string | undefined): void {
  if (name !== undefined) left.set(name, RUNS);
}

/** Keep in mind how long a statement has taken. */
export function notePace(name: string, { sentAt, readyAt }: Outcome): void {
  if (sentAt === undefined || readyAt === undefined) return;
  const runs = left.get(name) ?? RUNS;
  if (readyAt - sentAt > SHORT) noteLong(name);
  else if (runs > 0) left.set(name, runs - 1);
}
