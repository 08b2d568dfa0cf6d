import { auditActionLabel } from '@/lib/audit/contract';

const units = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** A size as people read it; steps of 1,000. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

const labels: Readonly<Record<string, string>> = {
  action: 'What',
  actor: 'Who',
  outcome: 'Outcome',
  from: 'From',
  to: 'To',
  run: 'Run',
  connection: 'Connection',
  request: 'Request',
};

/** What an export of events was narrowed to; `people` are names by id. */
export function filterWords(
  filter: Readonly<Record<string, string>>,
  people: Readonly<Record<string, string>> = {},
): string[] {
  return Object.entries(filter).map(([name, value]) => {
    const said = name === 'action' ? auditActionLabel(value) : (people[value] ?? value);
    return `${labels[name] ?? name}: ${said}`;
  });
}
