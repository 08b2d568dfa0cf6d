import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Bench, type Figure, holds } from './bench';

/** Files here that are not benchmarks: this one, and what benchmarks share. */
const shared = new Set(['run.ts', 'bench.ts', 'measure.ts', 'write.ts']);

const directory = fileURLToPath(new URL('.', import.meta.url));

async function load(file: string): Promise<Bench> {
  const module = (await import(pathToFileURL(join(directory, file)).href)) as { default: Bench };
  return module.default;
}

function goalText({ goal, unit }: Figure): string {
  if (!goal) return '';
  const [word, value] = 'atMost' in goal ? ['≤', goal.atMost] : ['≥', goal.atLeast];
  return `goal ${word} ${value} ${unit}`;
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
    `${mark} ${name.padEnd(58)} ${number.padStart(10)} ${unit.padEnd(4)} ${goalText(figure)}`,
  );
}

/** `npm run bench -- [name] [--json] [--quick]`: exit code 1 when a goal is missed, 2 for an unknown name. */
async function main(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  const options = { quick: args.includes('--quick') };
  const wanted = args.find((argument) => !argument.startsWith('-'));
  const names = readdirSync(directory)
    .filter((file) => /^[a-z-]+\.ts$/.test(file) && !shared.has(file))
    .map((file) => file.replace(/\.ts$/, ''));
  if (wanted !== undefined && !names.includes(wanted)) {
    console.error(`There is no benchmark "${wanted}". There are: ${names.join(', ')}.`);
    return 2;
  }
  let missed = 0;
  for (const file of wanted === undefined ? names : [wanted]) {
    const bench = await load(`${file}.ts`);
    if (!json) console.log(`\n${bench.name}`);
    await bench.run((figure) => {
      if (!holds(figure)) missed += 1;
      printFigure(bench.name, figure, json);
    }, options);
  }
  return missed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
