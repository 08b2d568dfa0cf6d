import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { demoPassword, demoSupport, demoTenants } from './start/demo';
import { testParts } from './test/parts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const scripts = Object.keys(
  (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts,
);
const documents = ['README.md', 'docs/operators.md', 'docs/isolation.md'] as const;

describe.each(documents)('%s', (document) => {
  const text = read(document);

  it('names no command that is not there', () => {
    const named = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name]) => name);
    expect(named.filter((name) => !scripts.includes(name ?? ''))).toEqual([]);
  });

  it('names no variable that nothing reads', () => {
    // The last two are read by the AWS SDK itself.
    const known = `${read('lib/env.ts')} DATABASE_…_URL CHROMIUM_PATH AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY`;
    const named = [...text.matchAll(/\b([A-Z]+(?:_[A-Z]+)+|PORT)\b(?=[`=,])/g)].map(
      ([, name]) => name ?? '',
    );
    expect(named.length, 'names found at all').toBeGreaterThan(2);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('links and shows only what is there', () => {
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => path ?? '');
    const folder = join(root, document, '..');
    expect(targets.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
  });
});

describe('docs/decisions', () => {
  it('are numbered from one without gaps or doubles, as their headings say', () => {
    const names = readdirSync(join(root, 'docs/decisions')).sort();
    for (const [index, name] of names.entries()) {
      expect(name).toMatch(new RegExp(`^${String(index + 1).padStart(4, '0')}-[a-z0-9-]+\\.md$`));
      expect(read(`docs/decisions/${name}`)).toMatch(new RegExp(`^# ${index + 1}\\. \\S`));
    }
  });
});

describe('README.md', () => {
  const text = read('README.md');

  it('begins with the two commands that run everything', () => {
    expect(text.slice(0, 400)).toContain('```sh\nnpm ci\nnpm start\n```');
    expect(scripts).toEqual(expect.arrayContaining(['start', 'test', 'doctor', 'bench']));
  });

  it('names the people of the demo and their password as they are', () => {
    expect(text).toContain(`\`${demoPassword}\``);
    const people = demoTenants.flatMap(({ owner, viewer }) => [owner, viewer]);
    for (const { email } of [...people, demoSupport]) expect(text).toContain(`\`${email}\``);
  });

  it('names the parts of the tests as they are', () => {
    const names = testParts.map(({ name }) => name).join(' ');
    expect(text).toContain(`npm test -- ${names}`);
  });

  it('names every folder of the house', () => {
    const folders = [
      'app',
      'components',
      'lib',
      'db',
      'drizzle',
      'emulators',
      'cli',
      'e2e',
      'bench',
    ];
    for (const folder of folders) {
      expect(text).toContain(`\`${folder}/\``);
      expect(existsSync(join(root, folder))).toBe(true);
    }
  });

  it('tells the command that continuous integration runs', () => {
    const run = read('.ci/run');
    expect(run).toMatch(/^npm ci$/m);
    expect(run).toMatch(/^npm test$/m);
  });
});
