import { control } from './control';
import type { Sibling } from './fault-page';
import { type FaultInput, Faults } from './faults';
import { listen, type Service } from './front';
import type { SeedOptions } from './google/seed';
import type { SeedOptions as MicrosoftSeed } from './microsoft/seed';
import { type LoggedRequest, type RequestFilter, RequestLog } from './request-log';
import type { RunningService, ServiceName } from './service';
import { serviceNamed, services } from './services';

export type { FaultInput } from './faults';
export { demoClient, type SeedOptions } from './google/seed';
export type { LoggedRequest } from './request-log';
export type { ServiceName } from './service';

/** What a new state of each service begins with. */
export interface Seeds {
  readonly google: SeedOptions;
  readonly microsoft: MicrosoftSeed;
  readonly slack: unknown;
}

/** The emulators of this process, so that their pages lead to one another. */
const running = new Map<ServiceName, Sibling>();

export interface EmulatorOptions<Seed = SeedOptions> {
  /** 0 for any free port, which is the default. */
  readonly port?: number;
  /** Where the state is kept, below `emulators/`; without it in memory only. */
  readonly dataDir?: string;
  /** What a new state begins with; one that is kept already stays as it is. */
  readonly seed?: Seed;
}

/** A running stand-in for one provider. */
export interface Emulator {
  readonly name: ServiceName;
  /** `http://localhost:<port>`, for `<NAME>_EMULATOR_URL`. */
  readonly url: string;
  fault(fault: FaultInput): void;
  /** Set one of the service's named faults, such as `app_secret` or `throttle`. */
  preset(name: string, target?: Pick<FaultInput, 'account' | 'times'>): void;
  clearFaults(): void;
  requests(filter?: RequestFilter): readonly LoggedRequest[];
  clearRequests(): void;
  /** Take back every consent of an account, as its owner can on the provider's page. */
  revoke(account: string): void;
  /** Let an account's access tokens run out; refreshing goes on. */
  expire(account: string): void;
  /** Any of the service's actions on a grant. */
  act(action: string, account: string, permission?: string): void | Promise<void>;
  close(): Promise<void>;
}

/**
 * Start one emulated provider on loopback; Google unless another is named. With a data directory
 * every change is on disk before the request that made it is answered, so that a killed process
 * finds everything again.
 */
export async function startEmulator(options?: EmulatorOptions): Promise<Emulator>;
export async function startEmulator<Name extends ServiceName>(
  name: Name,
  options?: EmulatorOptions<Seeds[Name]>,
): Promise<Emulator>;
export async function startEmulator(
  first: ServiceName | EmulatorOptions = {},
  second: EmulatorOptions<unknown> = {},
): Promise<Emulator> {
  const [name, options] =
    typeof first === 'string' ? [first, second] : (['google', first] as const);
  const definition = serviceNamed(name);
  const faults = new Faults();
  const log = new RequestLog();
  let started: RunningService | undefined;
  // The port first: who cannot have it must not touch a state that another process is writing.
  const front = await listen(options.port ?? 0, faults, log, async (url): Promise<Service> => {
    const { dataDir, seed } = options;
    const service = await definition.start({ url, dataDir, seed });
    started = service;
    return {
      fetch: service.fetch,
      accountOf: service.accountOf,
      control: (request) =>
        control(request, {
          ...{ definition, service, faults, log },
          siblings: () => services.flatMap((one) => running.get(one.name) ?? []),
        }),
    };
  });
  const service = started as unknown as RunningService;
  running.set(name, { name, title: definition.title, url: front.url });
  return {
    name,
    url: front.url,
    fault: (fault) => void faults.add(fault),
    preset(preset, target) {
      const found = definition.presets[preset];
      if (!found) throw new Error(`${name} has no fault called ${preset}`);
      faults.add({ ...found.fault, ...target }, preset);
    },
    clearFaults: () => faults.clear(),
    requests: (filter) => log.list(filter),
    clearRequests: () => log.clear(),
    revoke: (account) => void service.act('revoke', account),
    expire: (account) => void service.act('expire', account),
    act: (action, account, permission) => service.act(action, account, permission),
    async close() {
      if (running.get(name)?.url === front.url) running.delete(name);
      await front.close();
      await service.close();
    },
  };
}
