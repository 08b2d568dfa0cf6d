import { join } from 'node:path';
import { build, isBuilt } from './build';
import type { Database } from './database';
import { consultDoctor } from './doctor';
import type { Part } from './part';
import { type Emulators, emulatorPart, servingEnvironment, webPart } from './parts';
import { step } from './progress';
import type { Secrets } from './secrets';
import { isSeeded, seedDemo } from './seeding';
import type { Settings } from './settings';

/** Everything that `npm start` runs, in the order in which it is stopped. */
export class Application {
  readonly #root: string;
  readonly #settings: Settings;
  readonly #secrets: Secrets;
  readonly #onGivenUp: () => void;
  readonly #cancel = new AbortController();
  #database: Promise<Database> | undefined;
  #emulators: Emulators | undefined;
  #web: Part | undefined;

  /** @param onGivenUp called when a part cannot be kept up */
  constructor(root: string, settings: Settings, secrets: Secrets, onGivenUp: () => void) {
    this.#root = root;
    this.#settings = settings;
    this.#secrets = secrets;
    this.#onGivenUp = onGivenUp;
  }

  /** Bring up all parts, side by side where they do not need one another. */
  async start(): Promise<void> {
    const settings = this.#settings;
    if (settings.emulators.length > 0) {
      this.#emulators = await emulatorPart(this.#root, settings, this.#onGivenUp);
    }
    await Promise.all([this.#startEmulators(), this.#startServing()]);
  }

  async #startServing(): Promise<void> {
    const settings = this.#settings;
    const data = this.#startDatabase().then(async (database) => {
      const env = servingEnvironment(settings, this.#secrets, database, this.#emulators);
      const looked = this.#consultDoctor();
      await this.#seed(env);
      // Only in production can what is found keep it from serving, and only there it is waited for.
      if (settings.production) await looked;
      return env;
    });
    const [env] = await Promise.all([data, this.#build()]);
    this.#cancel.signal.throwIfAborted();
    const web = webPart(this.#root, settings, env, this.#onGivenUp);
    this.#web = web;
    await step('Web server and engine', () => web.start());
  }

  #startDatabase(): Promise<Database> {
    const label = this.#settings.databaseUrl ? 'Database prepared' : 'Database';
    this.#database = step(label, async () => {
      // Driver and migrations take a while to load; the parts beside them need not wait for that.
      const { startDatabase } = await import('./database');
      return startDatabase(this.#settings, this.#secrets, this.#onGivenUp);
    });
    return this.#database;
  }

  async #startEmulators(): Promise<void> {
    const emulators = this.#emulators;
    if (emulators) await step('Stand-ins for the providers', () => emulators.part.start());
  }

  async #seed(env: NodeJS.ProcessEnv): Promise<void> {
    const { production, dataDir, databaseUrl } = this.#settings;
    if (production || isSeeded(dataDir, databaseUrl)) return;
    await step('Demo people', () =>
      seedDemo(this.#root, { dataDir, databaseUrl, env, signal: this.#cancel.signal }),
    );
  }

  #consultDoctor(): Promise<void> {
    const { production } = this.#settings;
    return consultDoctor({ root: this.#root, production, signal: this.#cancel.signal });
  }

  async #build(): Promise<void> {
    if (this.#settings.dev || isBuilt(this.#root)) return;
    const log = join(this.#settings.dataDir, 'logs', 'build.log');
    await step(
      'Application built',
      () => build(this.#root, log, this.#cancel.signal),
      'Building the application; this happens once and takes about half a minute',
    );
  }

  /** Where people can break the stand-ins and watch; undefined when none runs. */
  get faultPage(): string | undefined {
    const [url] = this.#emulators?.urls ?? [];
    return url && `${url}/__`;
  }

  /** Stop what runs: the web server first, the database last. */
  async stop(): Promise<void> {
    this.#cancel.abort();
    await this.#web?.stop();
    await this.#emulators?.part.stop();
    const database = await this.#database?.catch(() => undefined);
    await database?.stop();
  }

  /** End the children at once; the database still goes down cleanly, which takes a moment. */
  kill(): void {
    this.#web?.kill();
    this.#emulators?.part.kill();
  }
}
