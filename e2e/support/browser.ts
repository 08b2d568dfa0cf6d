import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';

export interface Browser {
  readonly executablePath: string;
  /** What it needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
}

const installed = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Whether it starts here at all: a browser without its libraries is none. */
function works(executablePath: string, env: Readonly<Record<string, string>> = {}): boolean {
  if (!executablePath || !existsSync(executablePath)) return false;
  const { status } = spawnSync(executablePath, ['--headless', '--no-sandbox', '--version'], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
    timeout: 20_000,
  });
  return status === 0;
}

/** The browser inside an npm package: unpacked on first use, about two seconds. */
async function packaged(): Promise<Browser | undefined> {
  const { default: sparticuz } = await import('@sparticuz/chromium');
  const executablePath = await sparticuz.executablePath();
  // Systems without fonts get the package's; its launch arguments are left alone on purpose, since
  // they switch off what the tests are to see.
  const env: Record<string, string> = existsSync('/etc/fonts')
    ? {}
    : { FONTCONFIG_PATH: join(tmpdir(), 'fonts') };
  return works(executablePath, env) ? { executablePath, env } : undefined;
}

/** As root on Debian and its kin. */
function fromDistribution(): Browser | undefined {
  if (process.geteuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  const run = (...args: string[]) =>
    spawnSync('apt-get', args, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  run('update', '-q');
  run('install', '-y', '-q', '--no-install-recommends', 'chromium-headless-shell');
  const [executablePath = ''] = installed;
  return works(executablePath) ? { executablePath, env: {} } : undefined;
}

/**
 * A Chromium that works here: `$CHROMIUM_PATH`, Playwright's own, the system's, the one in an npm
 * package, or, as root, one that the system installs now.
 * @throws Error saying how to provide one
 */
export async function findBrowser(): Promise<Browser> {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (works(given)) return { executablePath: given, env: {} };
    throw new Error(`CHROMIUM_PATH is ${given}, and no browser starts from there.`);
  }
  const found = [chromium.executablePath(), ...installed].find((path) => works(path));
  if (found) return { executablePath: found, env: {} };
  const browser = (await packaged()) ?? fromDistribution();
  if (browser) return browser;
  throw new Error(
    'No browser for the tests was found. Install one (npx playwright install chromium-headless-shell, or your system’s chromium) or set CHROMIUM_PATH to it.',
  );
}
