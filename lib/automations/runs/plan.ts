import type { Action } from '../actions/action';
import type { Moment, Template, TemplateStep } from '../templates/template';

type AnyMoment = Moment<unknown, unknown>;

/** What is known of a step that has a row. */
export interface StepRecord {
  readonly key: string;
  readonly skipped: boolean;
  /** Its whole output; null while there is none. */
  readonly carry: unknown;
}

/** A step about to get its row. */
export interface PlannedStep {
  readonly key: string;
  readonly action: string;
  readonly title: string;
  /** Why it is left out, or null when it is to be done. */
  readonly skip: string | null;
}

const chunkKey = (key: string, number: number) => `${key}/${number}`;
const ownKey = (key: string) => key.split('/')[0] ?? key;

function recordsOf(step: TemplateStep, records: readonly StepRecord[]): readonly StepRecord[] {
  return records.filter(({ key }) => ownKey(key) === step.key);
}

/** Outputs so far by step, as the template's functions get them. */
export function earlierOf(
  template: Template,
  records: readonly StepRecord[],
): Readonly<Record<string, unknown>> {
  const entries = template.steps.flatMap((step) => {
    const own = recordsOf(step, records);
    if (own.length === 0) return [];
    const outputs = own.filter(({ skipped }) => !skipped).map(({ carry }) => carry);
    return [[step.key, step.kind === 'each' ? outputs : (outputs[0] ?? null)] as const];
  });
  return Object.fromEntries(entries);
}

function planOne(step: TemplateStep, moment: AnyMoment): readonly PlannedStep[] {
  const words = { action: step.action.key, title: step.title };
  if (step.kind === 'one') return [{ ...words, key: step.key, skip: step.skip(moment) }];
  const { length } = step.items(moment);
  if (length === 0) return [{ ...words, key: step.key, skip: 'There is nothing to do.' }];
  const chunks = Math.ceil(length / step.size);
  return Array.from({ length: chunks }, (_, index) => {
    const from = index * step.size;
    const to = Math.min(from + step.size, length);
    const title = chunks === 1 ? step.title : `${step.title} (${from + 1}–${to} of ${length})`;
    return { ...words, title, key: chunkKey(step.key, index + 1), skip: null };
  });
}

/**
 * The steps to come next: those of the first declared step without a record, and of the ones after
 * it as long as all before are left out. Empty when nothing is left to plan.
 */
export function planNext(
  template: Template,
  records: readonly StepRecord[],
  base: Omit<AnyMoment, 'earlier'>,
): readonly PlannedStep[] {
  const known: StepRecord[] = [...records];
  const planned: PlannedStep[] = [];
  for (const step of template.steps) {
    if (recordsOf(step, records).length > 0) continue;
    const rows = planOne(step, { ...base, earlier: earlierOf(template, known) });
    planned.push(...rows);
    if (rows.some(({ skip }) => skip === null)) break;
    known.push(...rows.map(({ key }) => ({ key, skipped: true, carry: null })));
  }
  return planned;
}

/**
 * The action of a step's row and what it gets, worked out from the outputs before it: the same on
 * every attempt.
 */
export function resolveStep(
  template: Template,
  key: string,
  moment: AnyMoment,
): { readonly action: Action<unknown, unknown>; readonly input: unknown } {
  const step = template.steps.find((candidate) => candidate.key === ownKey(key));
  if (!step) throw new Error(`template ${template.key} has no step ${key}`);
  if (step.kind === 'one') return { action: step.action, input: step.input(moment) };
  const number = Number(key.split('/')[1]);
  const chunk = step.items(moment).slice((number - 1) * step.size, number * step.size);
  return { action: step.action, input: step.input(chunk, moment) };
}
