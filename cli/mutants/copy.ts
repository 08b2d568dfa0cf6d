import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, isBuilt } from '../start/build';
import type { Mutant } from './mutant';
import { codeMutantsByFile, mutantAttribute, mutantVariable, withMutants } from './schemata';

/** What a copy keeps of its own, and what is no source. */
const own = ['node_modules', '.next'];
const left = [...own, '.git', '.data', 'test-results'];

/** Where the copy of this repository lies: the same place each time, so that its build lasts. */
export const copyOf = (root: string): string =>
  join(tmpdir(), `tenantry-mutants-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`);

/** A file at a second place, without taking space where the file system can do that. */
function linkFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    copyFileSync(from, to);
  }
}

/** The installed packages once more, by hard links: the bundler takes no symbolic ones. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    // What tools keep there for themselves.
    if (/^\.(?:vite|cache|vite-temp|vitest)$/.test(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkFile(source, target);
  }
}

const lockOf = (root: string) => readFileSync(join(root, 'package-lock.json'), 'utf8');

function copyPackages(root: string, copy: string): void {
  const target = join(copy, 'node_modules');
  const mark = join(copy, 'package-lock.json');
  if (existsSync(target) && existsSync(mark) && lockOf(copy) === lockOf(root)) return;
  rmSync(target, { recursive: true, force: true });
  linkTree(join(root, 'node_modules'), target);
}

function copySources(root: string, copy: string): void {
  for (const name of readdirSync(copy)) {
    if (!own.includes(name)) rmSync(join(copy, name), { recursive: true, force: true });
  }
  for (const name of readdirSync(root)) {
    if (left.includes(name)) continue;
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
}

function rewrite(file: string, change: (text: string) => string): void {
  const text = readFileSync(file, 'utf8');
  const changed = change(text);
  if (changed === text) throw new Error(`${file} is not as the mutants know it.`);
  writeFileSync(file, changed);
}

/** Tell code in the browser which mutant is awake, and leave types to the original. */
function fitOut(copy: string): void {
  rewrite(join(copy, 'app/layout.tsx'), (text) =>
    text.replace('<html ', `<html ${mutantAttribute}={process.env.${mutantVariable}} `),
  );
  rewrite(join(copy, 'next.config.mjs'), (text) =>
    text.replace('typescript: {', 'typescript: { ignoreBuildErrors: true,'),
  );
}

/**
 * A copy of the repository with all mutants asleep in it.
 * @returns where it is
 * @throws Error when a mutant does not fit its file any more
 */
export function makeCopy(root: string, mutants: readonly Mutant[]): string {
  const copy = copyOf(root);
  mkdirSync(copy, { recursive: true });
  // As root the database runs as another user, who has to get through.
  chmodSync(copy, 0o755);
  copyPackages(root, copy);
  copySources(root, copy);
  for (const [file, those] of codeMutantsByFile(mutants)) {
    rewrite(join(copy, file), (text) => withMutants(text, those));
  }
  fitOut(copy);
  return copy;
}

/** Build the copy, unless its build is of these very sources. */
export async function buildCopy(copy: string, signal: AbortSignal): Promise<void> {
  if (!isBuilt(copy)) await build(copy, `${copy}-build.log`, signal);
}

/** A copy whose sources are as they are here, for what reads them; it is not built. */
export function makePlainCopy(root: string): string {
  const copy = `${copyOf(root)}-plain`;
  mkdirSync(copy, { recursive: true });
  chmodSync(copy, 0o755);
  copySources(root, copy);
  const packages = join(copy, 'node_modules');
  if (!existsSync(packages)) symlinkSync(join(root, 'node_modules'), packages);
  return copy;
}
