import { join } from 'node:path';
import type { FaultInput } from './faults';
import { openJournal } from './journal';

export const serviceNames = ['google', 'microsoft', 'slack'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** A person, or an organisation, that may have let our app in: a row of the fault page. */
export interface AccountView {
  /** What actions, faults and the request log call it by. */
  readonly account: string;
  readonly name: string;
  /** What it is, or where it belongs: `Northwind Traders`. */
  readonly group: string;
  /** Permissions granted to our app and still good; empty when there is no grant. */
  readonly granted: readonly string[];
  /** Which of the definition's actions make sense for it; all of them when left out. */
  readonly actions?: readonly string[];
  /** A file that people need to connect it, below the service's address. */
  readonly download?: { readonly label: string; readonly path: string };
}

/** Something that can be done to an account's grant. */
export interface AccountAction {
  readonly label: string;
  /** Whether it is about one of the granted permissions, which then has to be named. */
  readonly perPermission?: boolean;
}

/** A fault with a name, as a button of the fault page. */
export interface FaultPreset {
  readonly label: string;
  /** What it looks like from our side. */
  readonly explanation: string;
  readonly fault: FaultInput;
}

/** Thrown by an action on somebody who is not there. */
export class UnknownAccount extends Error {
  override readonly name = 'UnknownAccount';

  constructor(account: string) {
    super(`there is no account ${account}`);
  }
}

/** An emulated provider at work. */
export interface RunningService {
  fetch(request: Request): Promise<Response>;
  /** Whom a request speaks for, as `AccountView.account`, or null. */
  accountOf(request: Request): Promise<string | null>;
  accounts(): readonly AccountView[];
  /** Do one of the definition's `actions`; it is on disk when this returns. */
  act(action: string, account: string, permission?: string): void | Promise<void>;
  /** Answers below `/__` that this service alone has; null when it has none there. */
  control?(request: Request): Promise<Response | null>;
  close(): Promise<void>;
}

export interface StartContext<Seed> {
  /** `http://localhost:<port>`: the service's own address. */
  readonly url: string;
  /** Where the state is kept, below `emulators/`; without it in memory only. */
  readonly dataDir?: string | undefined;
  /** What a new state begins with. */
  readonly seed?: Seed | undefined;
}

/** One provider that can be emulated. */
export interface ServiceDefinition<Seed = unknown> {
  readonly name: ServiceName;
  /** As people know it. */
  readonly title: string;
  /** Client id and secrets that exist from the start, by the names the product reads them under. */
  readonly clientEnv: Readonly<Record<string, string>>;
  readonly actions: Readonly<Record<string, AccountAction>>;
  readonly presets: Readonly<Record<string, FaultPreset>>;
  start(context: StartContext<Seed>): Promise<RunningService>;
}

/**
 * The state of a service: in memory, or on disk with every change written before it is answered.
 * @param initial makes the state when none is kept yet
 */
export function keptState<State, Change>(
  name: ServiceName,
  dataDir: string | undefined,
  initial: () => State,
  apply: (state: State, change: Change) => void,
): { state: State; record: (changes: readonly Change[]) => void; close: () => void } {
  if (!dataDir) return { state: initial(), record: () => undefined, close: () => undefined };
  const path = join(dataDir, 'emulators', `${name}.json`);
  const { state, journal } = openJournal<State, Change>(path, initial, apply);
  return { state, record: journal.append, close: journal.close };
}
