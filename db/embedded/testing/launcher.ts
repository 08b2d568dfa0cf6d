/**
 * A process of its own that starts the embedded server, for tests that kill it.
 * Prints one JSON line: `{ url, pid }` when ready, `{ fault, message }` when it could not.
 */
import { EmbeddedPostgresError, startEmbedded } from '../index';

async function main(dataDir: string): Promise<void> {
  try {
    const { url, pid } = await startEmbedded({ dataDir });
    process.stdout.write(`${JSON.stringify({ url, pid })}\n`);
  } catch (error) {
    const fault = error instanceof EmbeddedPostgresError ? error.fault : 'unknown';
    process.stdout.write(`${JSON.stringify({ fault, message: String(error) })}\n`);
  }
}

await main(process.argv[2] as string);
