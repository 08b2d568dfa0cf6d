import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface TestProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly lines: AsyncIterator<string>;
}

/** Run a script beside this file as a process of its own. */
export function startProcess(
  script: string,
  parameters: readonly string[],
  settings: Readonly<Record<string, string>>,
): TestProcess {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...parameters], {
    env: { ...process.env, ...settings },
  });
  child.stderr.pipe(process.stderr);
  return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
}

/** The next line that it prints; undefined at its end. */
export async function nextLine({ lines }: TestProcess): Promise<string | undefined> {
  const { done, value } = await lines.next();
  return done ? undefined : value;
}
