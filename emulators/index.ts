import { join } from 'node:path';
import { control } from './control';
import { type FaultInput, Faults } from './faults';
import { listen, type Service } from './front';
import { type SeedOptions, seedState } from './google/seed';
import { type GoogleService, startGoogle } from './google/service';
import type { Change, State } from './google/state';
import { applyChange } from './google/store';
import { expireAccessTokens, revokeGrant } from './google/tokens';
import { type Journal, openJournal } from './journal';
import { type LoggedRequest, type RequestFilter, RequestLog } from './request-log';

export type { FaultInput } from './faults';
export { demoClient, type SeedOptions } from './google/seed';
export type { LoggedRequest } from './request-log';

export interface EmulatorOptions {
  /** 0 for any free port, which is the default. */
  readonly port?: number;
  /** Where the state is kept, below `emulators/`; without it in memory only. */
  readonly dataDir?: string;
  /** What a new state begins with; one that is kept already stays as it is. */
  readonly seed?: SeedOptions;
}

/** A running stand-in for Google. */
export interface Emulator {
  /** `http://localhost:<port>`, for `GOOGLE_EMULATOR_URL`. */
  readonly url: string;
  fault(fault: FaultInput): void;
  clearFaults(): void;
  requests(filter?: RequestFilter): readonly LoggedRequest[];
  clearRequests(): void;
  /** Take back every consent of an account, as its owner can on Google's page. */
  revoke(account: string): void;
  /** Let an account's access tokens run out; refreshing goes on. */
  expire(account: string): void;
  close(): Promise<void>;
}

/**
 * Start the emulated Google on loopback. With a data directory every change is on disk before the
 * request that made it is answered, so that a killed process finds everything again.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const faults = new Faults();
  const log = new RequestLog();
  let google: GoogleService | undefined;
  let journal: Journal<Change> | null = null;
  // The port first: who cannot have it must not touch a state that another process is writing.
  const front = await listen(options.port ?? 0, faults, log, async (url): Promise<Service> => {
    const kept = open(options);
    journal = kept.journal;
    const record = (changes: readonly Change[]) => kept.journal?.append(changes);
    const service = await startGoogle(url, kept.state, record);
    google = service;
    return {
      fetch: service.fetch,
      accountOf: service.accountOf,
      control: (request) => control(request, service, faults, log),
    };
  });
  const store = () => (google as GoogleService).store;
  return {
    url: front.url,
    fault: (fault) => void faults.add(fault),
    clearFaults: () => faults.clear(),
    requests: (filter) => log.list(filter),
    clearRequests: () => log.clear(),
    revoke(account) {
      revokeGrant(store(), account);
      store().commit();
    },
    expire(account) {
      expireAccessTokens(store(), account);
      store().commit();
    },
    async close() {
      await front.close();
      await google?.close();
      journal?.close();
    },
  };
}

function open({ dataDir, seed }: EmulatorOptions): {
  state: State;
  journal: Journal<Change> | null;
} {
  const initial = () => seedState(seed);
  if (!dataDir) return { state: initial(), journal: null };
  const path = join(dataDir, 'emulators', 'google.json');
  return openJournal<State, Change>(path, initial, applyChange);
}
