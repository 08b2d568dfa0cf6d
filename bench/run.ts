import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Bench, type Figure, goalText, holds } from './bench';
import { load, type Measured, writeReport } from './write';

/** Files here that are not benchmarks: this one, and what benchmarks share. */
const shared = new Set([
  'run.ts',
  'bench.ts',
  'database.ts',
  'measure.ts',
  'stand-in.ts',
  'write.ts',
]);

const directory = fileURLToPath(new URL('.', import.meta.url));

async function loadBench(file: string): Promise<Bench> {
  const module = (await import(pathToFileURL(join(directory, file)).href)) as { default: Bench };
  return module.default;
}

function printFigure(bench: string, figure: Figure, json: boolean): void {
  const { name, value, unit, goal } = figure;
  if (json) {
    const line = { bench, name, value, unit, goal: goal ?? null, holds: holds(figure) };
    console.log(JSON.stringify(line));
    return;
  }
  const mark = goal ? (holds(figure) ? 'ok  ' : 'MISS') : '    ';
  const number = value.toLocaleString('en', { maximumFractionDigits: 2 });
  console.log(
    `${mark} ${name.padEnd(58)} ${number.padStart(10)} ${unit.padEnd(4)} ${goal ? 'goal ' : ''}${goalText(figure)}`,
  );
}

/**
 * `npm run bench -- [name …] [--json] [--quick] [--write directory]`: exit code 1 when a goal is
 * missed, 2 for an unknown name.
 */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      write: { type: 'string' },
    },
  });
  const { json, quick, write } = values;
  const names = readdirSync(directory)
    .filter((file) => /^[a-z-]+\.ts$/.test(file) && !shared.has(file))
    .map((file) => file.replace(/\.ts$/, ''));
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    console.error(`There is no benchmark "${unknown}". There are: ${names.join(', ')}.`);
    return 2;
  }
  const startedAt = new Date();
  const loadBefore = load();
  const figures: Measured[] = [];
  for (const file of positionals.length === 0 ? names : positionals) {
    const bench = await loadBench(`${file}.ts`);
    if (!json) console.log(`\n${bench.name}`);
    await bench.run(
      (figure) => {
        figures.push({ bench: bench.name, ...figure });
        printFigure(bench.name, figure, json);
      },
      { quick },
    );
  }
  if (write !== undefined) {
    const loads = { loadBefore, loadAfter: load() };
    writeReport(write, { startedAt, finishedAt: new Date(), ...loads, quick, figures });
  }
  return figures.every(holds) ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
