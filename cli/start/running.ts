import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  pid: z.number().int().positive(),
  /** When that process began, as the system tells it: process ids are used again. */
  began: z.string(),
  url: z.string(),
});
export type Running = z.infer<typeof schema>;

const fileOf = (dataDir: string) => join(dataDir, 'running.json');

/**
 * Something that tells two processes with the same id apart: the start time in clock ticks since
 * boot, field 22 of proc(5)'s stat. Empty where the system has no /proc; then the id has to do.
 */
function beganAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in brackets and may hold spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The start that serves from this data directory now; what a killed one left does not count. */
export function findRunning(dataDir: string): Running | undefined {
  const file = fileOf(dataDir);
  if (!existsSync(file)) return undefined;
  try {
    const found = schema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return isAlive(found.pid) && beganAt(found.pid) === found.began ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Leave word that this process serves from the data directory at `url`. */
export function noteRunning(dataDir: string, url: string): void {
  const running: Running = { pid: process.pid, began: beganAt(process.pid), url };
  const file = fileOf(dataDir);
  writeFileSync(`${file}.new`, `${JSON.stringify(running)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function forgetRunning(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}
