import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** A state on disk: a snapshot, and beside it what happened since, one line per request. */
export interface Journal<Change> {
  /** Append one request's changes. They survive the death of this process once it returns. */
  append(changes: readonly Change[]): void;
  close(): void;
}

const formatVersion = 1;

function writeWhole(path: string, text: string): void {
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

function readSnapshot<State>(path: string): State | null {
  if (!existsSync(path)) return null;
  const { version, state } = JSON.parse(readFileSync(path, 'utf8'));
  if (version !== formatVersion) {
    throw new Error(`${path} is of version ${version}; this emulator reads ${formatVersion}`);
  }
  return state;
}

/** The journal's complete lines. A last line cut short belongs to a request nobody was answered. */
function readLines(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
}

/**
 * Open a state on disk, or begin one. What the journal holds is put into a new snapshot first; if
 * the process dies in between, the same changes are applied again, which leaves them as they are.
 * @param path of the snapshot; the journal lies beside it. Both are mode 0600.
 * @param initial makes the state when there is none yet
 */
export function openJournal<State, Change>(
  path: string,
  initial: () => State,
  apply: (state: State, change: Change) => void,
): { state: State; journal: Journal<Change> } {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const journalPath = path.replace(/\.json$/, '.journal');
  const saved = readSnapshot<State>(path);
  const state = saved ?? initial();
  const lines = saved ? readLines(journalPath) : [];
  for (const line of lines) for (const change of JSON.parse(line)) apply(state, change);
  if (!saved || lines.length > 0) {
    writeWhole(path, JSON.stringify({ version: formatVersion, state }));
  }
  rmSync(journalPath, { force: true });
  const file = openSync(journalPath, 'a', 0o600);
  return {
    state,
    journal: {
      append: (changes) => void writeSync(file, `${JSON.stringify(changes)}\n`),
      close: () => closeSync(file),
    },
  };
}
