import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { StartFailure } from './failure';
import { complain, say } from './progress';

export interface PartOptions {
  /** In plain words: `web server`. */
  readonly name: string;
  /** Arguments to Node. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** A line on its output that says that it is ready; without one it sends a message. */
  readonly readyLine?: RegExp;
  /** Milliseconds to stop by itself before it is killed. */
  readonly stopLimit: number;
  /** Called when it will not be started again. */
  readonly onGivenUp: () => void;
}

/** Milliseconds: the first wait before a restart; it doubles, up to the longest. */
const firstWait = 250;
const longestWait = 8_000;
/** So many ends without being up for a minute in between, and it is given up. */
const mostEnds = 6;
const longEnough = 60_000;

type Message = { readonly type: 'ready' } | { readonly type: 'failed'; readonly message: string };

/** A child process that is started again when it ends by itself. */
export class Part {
  readonly #options: PartOptions;
  #child: ChildProcess | undefined;
  #gone: Promise<void> = Promise.resolve();
  #stopping = false;
  #ends = 0;
  #upSince = 0;

  constructor(options: PartOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Start it and wait until it says that it is ready.
   * @throws StartFailure with what it said when it ended instead
   */
  async start(): Promise<void> {
    const { name, args, cwd, env, readyLine } = this.#options;
    const child = spawn(process.execPath, args, {
      cwd,
      env,
      // A group of its own: Ctrl-C in the terminal reaches us, and we stop the parts in order.
      detached: true,
      // Through channel or input it notices when we are gone, even if killed.
      stdio: readyLine
        ? ['pipe', 'pipe', 'inherit', 'ignore']
        : ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child = child;
    let ready = false;
    let reason = '';
    const readied = new Promise<void>((resolve) => {
      const isReady = () => {
        ready = true;
        this.#upSince = performance.now();
        resolve();
      };
      child.on('message', (message: Message) => {
        if (message.type === 'failed') reason = message.message;
        else isReady();
      });
      child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
        if (!ready && readyLine?.test(chunk)) isReady();
      });
    });
    this.#gone = new Promise((resolve) => {
      child.once('error', (error) => {
        reason ||= error.message;
        resolve();
      });
      child.once('exit', (code, signal) => {
        reason ||= signal ? `it was ended by ${signal}` : `it ended with code ${code}`;
        resolve();
        if (ready) void this.#ended(reason);
      });
    });
    await Promise.race([readied, this.#gone]);
    if (!ready && !this.#stopping) throw new StartFailure(`The ${name} did not start: ${reason}`);
  }

  async #ended(reason: string): Promise<void> {
    if (this.#stopping) return;
    const { name } = this.#options;
    this.#ends = performance.now() - this.#upSince > longEnough ? 1 : this.#ends + 1;
    complain(`The ${name} stopped: ${reason}. Starting it again.`);
    while (!this.#stopping) {
      if (this.#ends >= mostEnds) {
        complain(`The ${name} has stopped ${this.#ends} times in a row and is given up.`);
        this.#options.onGivenUp();
        return;
      }
      await delay(Math.min(firstWait * 2 ** (this.#ends - 1), longestWait));
      if (this.#stopping) return;
      try {
        await this.start();
        say(`  ✓ The ${name} is back.`);
        return;
      } catch (error) {
        this.#ends += 1;
        complain((error as Error).message);
      }
    }
  }

  /** Ask it to stop, and kill it when it has not within its limit. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), this.#options.stopLimit);
    await this.#gone;
    clearTimeout(timer);
  }

  /** End it at once. */
  kill(): void {
    this.#stopping = true;
    this.#child?.kill('SIGKILL');
  }
}
