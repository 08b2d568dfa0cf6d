import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { type EcmaScriptModule, type ParseResult, type Program, parseSync } from 'oxc-parser';

/** A source file, parsed when somebody asks. */
export class SourceFile {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
  #parsed: ParseResult | undefined;

  constructor(root: string, file: string) {
    this.path = relative(root, file).split(sep).join('/');
    this.text = readFileSync(file, 'utf8');
  }

  #parse(): ParseResult {
    this.#parsed ??= parseSync(this.path, this.text);
    return this.#parsed;
  }

  get program(): Program {
    return this.#parse().program;
  }

  /** What is imported and exported. */
  get module(): EcmaScriptModule {
    return this.#parse().module;
  }

  /** `path:line` of an offset in the text. */
  at(offset: number): string {
    return `${this.path}:${this.text.slice(0, offset).split('\n').length}`;
  }

  /** Every module this one asks for, by whatever means. */
  requests(): { readonly name: string; readonly offset: number }[] {
    const { staticImports, staticExports, dynamicImports } = this.module;
    const fromStrings = dynamicImports.map(({ moduleRequest: { start, end } }) => ({
      name: this.text.slice(start, end).replace(/^['"`]|['"`]$/g, ''),
      offset: start,
    }));
    const required = [...this.text.matchAll(/\brequire\(\s*['"]([^'"]+)['"]\s*\)/g)].map(
      (match) => ({ name: match[1] ?? '', offset: match.index }),
    );
    const exported = staticExports
      .flatMap(({ entries }) => entries)
      .flatMap(({ moduleRequest }) => (moduleRequest ? [moduleRequest] : []));
    const named = [...staticImports.map(({ moduleRequest }) => moduleRequest), ...exported].map(
      ({ value, start }) => ({ name: value, offset: start }),
    );
    return [...named, ...fromStrings, ...required];
  }
}

const rooms = [
  'app',
  'components',
  'lib',
  'db',
  'emulators',
  'cli',
  'e2e',
  'bench',
  'pages',
  'src',
];
const skipped = new Set(['node_modules', '.next', '.data', '.git']);

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name)) yield* walk(path);
    } else if (/\.[cm]?[jt]sx?$/.test(entry.name) && !entry.name.endsWith('.d.ts')) {
      yield path;
    }
  }
}

/** All source files of a tree: the rooms of the house, and what lies at its root. */
export function readSources(root: string): SourceFile[] {
  const inRooms = rooms
    .map((room) => join(root, room))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => [...walk(folder)]);
  const atRoot = readdirSync(root)
    .filter((name) => /\.[cm]?[jt]sx?$/.test(name) && !name.endsWith('.d.ts'))
    .map((name) => join(root, name));
  return [...inRooms, ...atRoot].map((file) => new SourceFile(root, file));
}

/** Tests and what they stand on reach where the product must not. */
export const isTest = (path: string): boolean =>
  /\.test\.tsx?$/.test(path) || /(?:^|\/)testing\//.test(path);

/** What is shipped and serves. */
export const isProduct = (path: string): boolean =>
  !isTest(path) && /^(?:app|components|lib|db|pages|src)\/|^(?:proxy|instrumentation)\./.test(path);
