import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DoctorCheck } from './contract';
import { type Finding, placed } from './finding';

interface Floor {
  readonly name: string;
  readonly version: string;
  readonly reason: string;
}

/** Versions below these have known holes that matter here (security advisories named). */
const floors: readonly Floor[] = [
  { name: 'next', version: '16.4.6', reason: 'the version that was tried with this code' },
  { name: 'drizzle-orm', version: '0.45.2', reason: 'CVE-2026-39356' },
  {
    name: 'next-auth',
    version: '5.0.0-beta.32',
    reason: 'GHSA-x445-f3h2-j279: state and PKCE cookies are bound to the provider',
  },
];

/** Numbers of a version in order of weight: `5.0.0-beta.32` → [5, 0, 0, 0, 32], a release above it. */
function weigh(version: string): number[] {
  const [release = '', pre] = version.split('-', 2);
  const numbers = release.split('.').map(Number);
  if (pre === undefined) return [...numbers, 1];
  return [...numbers, 0, ...(pre.match(/\d+/g) ?? []).map(Number)];
}

/** Whether `version` is `floor` or newer. */
export function isAtLeast(version: string, floor: string): boolean {
  const [have, want] = [weigh(version), weigh(floor)];
  for (let index = 0; index < Math.max(have.length, want.length); index += 1) {
    const difference = (have[index] ?? 0) - (want[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function installed(root: string, name: string): string | undefined {
  const file = join(root, 'node_modules', name, 'package.json');
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** @param root where the product and its packages are */
export function checkPackages(root: string): DoctorCheck {
  const findings = floors.flatMap(({ name, version, reason }): Finding[] => {
    const found = installed(root, name);
    if (found !== undefined && isAtLeast(found, version)) return [];
    return [
      {
        where: name,
        problem: found
          ? `${found} is installed; ${version} is needed (${reason}).`
          : 'Not installed.',
        remedy: `Set ${name} to ${version} or newer in package.json and run npm install.`,
        severity: 'warning',
      },
    ];
  });
  return placed('versions', 'process', {
    check: 'Packages are not below their safe versions',
    looked: floors.map(({ name }) => name).join(', '),
    findings,
  });
}

/** The product's own version. */
export function productVersion(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return String(version);
}
