import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Emulator, startEmulator } from './index';
import { services } from './services';

/**
 * The emulators as a process of their own, each on its own port:
 * `tsx emulators/main.ts [--google-port 4000 …] [--data-dir .data] [--exit-on-stdin-end]`.
 * Prints `emulators ready google=<url> …` once all of them answer.
 */
const { values } = parseArgs({
  options: {
    'google-port': { type: 'string', default: '0' },
    'microsoft-port': { type: 'string', default: '0' },
    'slack-port': { type: 'string', default: '0' },
    'data-dir': { type: 'string', default: '.data' },
    /** For a parent that holds our standard input: when it dies, however, so do we. */
    'exit-on-stdin-end': { type: 'boolean', default: false },
  },
});

async function start(name: Emulator['name']): Promise<Emulator> {
  const port = values[`${name}-port`];
  try {
    return await startEmulator(name, { port: Number(port), dataDir: resolve(values['data-dir']) });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const words = code === 'EADDRINUSE' ? `port ${port} is in use` : message;
    process.stderr.write(`emulators cannot start: ${words}\n`);
    process.exit(1);
  }
}

const emulators = await Promise.all(services.map(({ name }) => start(name)));

async function stop(): Promise<void> {
  await Promise.all(emulators.map((emulator) => emulator.close()));
  process.exit(0);
}
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
if (values['exit-on-stdin-end']) process.stdin.once('end', stop).once('close', stop).resume();

const addresses = emulators.map(({ name, url }) => `${name}=${url}`);
process.stdout.write(`emulators ready ${addresses.join(' ')}\n`);
