import { engine } from '@/db';
import { perProcess } from '@/lib/observability';
import { Engine, type EngineOptions } from './engine';
import { checkJobsConfiguration, jobsMode } from './mode';
import { Relay } from './relay';

/** What runs in this process. */
interface Service {
  engine: Engine | undefined;
  relay: Relay | undefined;
}

const service = perProcess<Service>('jobs', () => ({ engine: undefined, relay: undefined }));

/**
 * Begin to carry out background work in this process: the relay of jobs and, unless Inngest does it,
 * the engine.
 * @throws JobsConfigurationError; UnsupportedFunctionError naming a function that asks for too much
 */
export async function startEngine(options: EngineOptions): Promise<void> {
  if (service.relay) return;
  checkJobsConfiguration();
  if (jobsMode() === 'embedded') {
    const started = new Engine(options);
    await started.start();
    service.engine = started;
  }
  service.relay = new Relay(options.pollMs);
  service.relay.start();
}

/**
 * Stop: nothing new is begun, steps under way may end within `limitMs`, the rest goes back.
 */
export async function stopEngine(limitMs?: number): Promise<void> {
  const { relay, engine: running } = service;
  service.relay = undefined;
  service.engine = undefined;
  await Promise.all([relay?.stop(), running?.stop(limitMs)]);
}

export interface EngineStatus extends engine.QueueStatus {
  readonly mode: 'embedded' | 'inngest';
  /** Whether this process is at work. */
  readonly alive: boolean;
}

/** How the background work stands: this process, and the queue over all processes. */
export async function engineStatus(): Promise<EngineStatus> {
  const mode = jobsMode();
  const alive = mode === 'embedded' ? (service.engine?.alive ?? false) : Boolean(service.relay);
  return { mode, alive, ...(await engine.queueStatus(engine.engineStore())) };
}
