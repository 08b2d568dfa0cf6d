/**
 * Serves the built application (or, with `--dev`, the development server) until it is told to stop.
 *
 * Plain JavaScript, so that it loads without a compiler: it is on the path of every start. Tells its
 * parent when it is ready, and ends when the parent is gone, in whatever way that went.
 */
import { createServer } from 'node:http';
import next from 'next';
import { hideRewrites, keepTrueAddress, refuseLargeBody } from './edge.mjs';

const dev = process.argv.includes('--dev');
const port = Number(process.env.PORT ?? 3000);
const host = process.env.LISTEN_HOST ?? 'localhost';
/** How many proxies of the operator's stand in front, each adding to `X-Forwarded-For`. */
const proxies = Number(process.env.TRUSTED_PROXIES ?? 0);
/** Milliseconds in which readiness already fails and requests are still taken. */
const drain = Number(process.env.DRAIN_SECONDS ?? 0) * 1_000;
/** Milliseconds that requests and the engine's steps get to finish. */
const patience = 8_000;

/** Shared with `lib/observability` under this name. */
const lifecycle = { stopping: false, hooks: new Set(), began: undefined };
const started = new Promise((resolve, reject) => {
  lifecycle.began = (error) => (error ? reject(error) : resolve());
});
globalThis[Symbol.for('tenantry.lifecycle')] = lifecycle;

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** `localhost` is two addresses, and a browser may try either. */
const addresses = host === 'localhost' ? ['127.0.0.1', '::1'] : [host];

function listen(handler, upgrade, address) {
  return new Promise((resolve, reject) => {
    const server = createServer(handler);
    server.on('upgrade', upgrade);
    server.once('error', (error) => {
      // A machine without IPv6 serves on the other address alone.
      if (address === '::1' && ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(error.code))
        resolve(null);
      else reject(error);
    });
    server.listen({ port, host: address }, () => resolve(server));
  });
}

async function closed(server) {
  const done = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  await done;
}

/** What the framework says of itself while it starts tells people nothing. */
function hushed(work) {
  const { write } = process.stdout;
  process.stdout.write = (chunk, ...rest) =>
    /next\.config/.test(String(chunk)) ? true : write.call(process.stdout, chunk, ...rest);
  return work().finally(() => {
    process.stdout.write = write;
  });
}

async function main() {
  const app = next({ dev, dir: process.cwd(), hostname: host, port });
  await hushed(() => app.prepare());
  // The framework does not wait for `instrumentation.ts`, and goes on when that fails.
  await started;
  const serve = app.getRequestHandler();
  const handle = (request, response) => {
    if (refuseLargeBody(request, response)) return undefined;
    keepTrueAddress(request, proxies);
    hideRewrites(response);
    return serve(request, response);
  };
  const servers = (
    await Promise.all(addresses.map((at) => listen(handle, app.getUpgradeHandler(), at)))
  ).filter((server) => server !== null);

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    lifecycle.stopping = true;
    await wait(drain);
    const ended = [...lifecycle.hooks].map((hook) => hook());
    await Promise.race([Promise.allSettled([...servers.map(closed), ...ended]), wait(patience)]);
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.send?.({ type: 'ready' });
}

process.on('disconnect', () => process.exit(1));
main().catch((error) => {
  const report = {
    type: 'failed',
    message: error instanceof Error ? error.message : String(error),
  };
  if (process.send) process.send(report, () => process.exit(1));
  else {
    process.stderr.write(`${report.message}\n`);
    process.exit(1);
  }
});
