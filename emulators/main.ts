import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Emulator, startEmulator } from './index';

/**
 * The emulators as a process of their own:
 * `tsx emulators/main.ts [--port 4000] [--data-dir .data] [--exit-on-stdin-end]`.
 * Prints `emulators ready google=<url>` once it answers.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'data-dir': { type: 'string', default: '.data' },
    /** For a parent that holds our standard input: when it dies, however, so do we. */
    'exit-on-stdin-end': { type: 'boolean', default: false },
  },
});

async function start(): Promise<Emulator> {
  try {
    return await startEmulator({
      port: Number(values.port),
      dataDir: resolve(values['data-dir']),
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const words = code === 'EADDRINUSE' ? `port ${values.port} is in use` : message;
    process.stderr.write(`emulators cannot start: ${words}\n`);
    process.exit(1);
  }
}

const emulator = await start();

async function stop(): Promise<void> {
  await emulator.close();
  process.exit(0);
}
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
if (values['exit-on-stdin-end']) process.stdin.once('end', stop).once('close', stop).resume();

process.stdout.write(`emulators ready google=${emulator.url}\n`);
