import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { StartFailure } from './failure';

/** What `next build` reads. Folders end with a slash. */
const inputs = [
  'app/',
  'components/',
  'db/',
  'lib/',
  'public/',
  'instrumentation-client.ts',
  'instrumentation.ts',
  'next.config.mjs',
  'package-lock.json',
  'postcss.config.mjs',
  'proxy.ts',
  'tsconfig.build.json',
  'tsconfig.json',
];
const notBuilt = /\.test\.tsx?$|(?:^|\/)testing\//;

function* filesUnder(path: string): Generator<string> {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) yield* filesUnder(child);
    else if (entry.isFile()) yield child;
  }
}

/** A digest of everything the build is made from, tests left out. Takes tens of milliseconds. */
export function fingerprint(root: string): string {
  const hash = createHash('sha256').update(process.version);
  const files = inputs
    .map((input) => join(root, input))
    .filter((path) => existsSync(path))
    .flatMap((path) => (path.endsWith('/') ? [...filesUnder(path)] : [path]))
    .map((path) => relative(root, path))
    .filter((path) => !notBuilt.test(path))
    .sort();
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

const markOf = (root: string) => join(root, '.next', 'tenantry-build');

/** Whether the build that lies there was made from these very sources. */
export function isBuilt(root: string, wanted = fingerprint(root)): boolean {
  const mark = markOf(root);
  return (
    existsSync(mark) &&
    existsSync(join(root, '.next', 'BUILD_ID')) &&
    readFileSync(mark, 'utf8').trim() === wanted
  );
}

/**
 * Build the application.
 * @param logFile gets everything the build says
 * @throws StartFailure with the end of the log
 */
export async function build(root: string, logFile: string, signal: AbortSignal): Promise<void> {
  const wanted = fingerprint(root);
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(process.execPath, [join(root, 'node_modules/next/dist/bin/next'), 'build'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', log, log],
    signal,
  });
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  closeSync(log);
  if (code !== 0) {
    const said = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-25).join('\n');
    throw new StartFailure(`The application could not be built. The build says:\n\n${said}`);
  }
  writeFileSync(markOf(root), `${wanted}\n`);
}
