import { once } from 'node:events';
import { startEmulator } from '@/emulators';

/**
 * The emulated Microsoft as a process of its own, so that what it holds in memory is not counted as
 * ours: `tsx bench/discovery/stand-in.ts <people>`. Prints its address; ends with its standard input.
 */
const emulator = await startEmulator('microsoft', {
  seed: {
    people: { 'northwind.example': Number(process.argv[2]) },
    amounts: { messages: 3, events: 1, files: 3 },
  },
});
process.stdout.write(`${emulator.url}\n`);
process.stdin.resume();
await once(process.stdin, 'end');
await emulator.close();
