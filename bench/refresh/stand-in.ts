import { startEmulator } from '@/emulators';

/** The stand-in for Google in a process of its own; prints its address, ends with its input. */
const emulator = await startEmulator('google');
process.stdout.write(`${emulator.url}\n`);
process.stdin.resume();
process.stdin.once('end', () => void emulator.close().then(() => process.exit(0)));
