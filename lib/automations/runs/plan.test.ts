import { describe, expect, it } from 'vitest';
import { defineAction, type RunFacts } from '../actions/action';
import { numberField } from '../parameters';
import { defineTemplate } from '../templates/template';
import { earlierOf, planNext, resolveStep, type StepRecord } from './plan';

const count = defineAction({
  key: 'test.count',
  needs: [],
  changes: false,
  run: async (_context, { upTo }: { readonly upTo: number }) =>
    Array.from({ length: upTo }, (_, index) => index),
});
const add = defineAction({
  key: 'test.add',
  needs: [],
  changes: false,
  run: async (_context, numbers: readonly number[]) =>
    numbers.reduce((sum, number) => sum + number, 0),
});

const template = defineTemplate({
  key: 'test',
  title: 'Test',
  description: 'Test',
  icon: 'focus',
  suggestedCron: '0 7 * * *',
  parameters: { upTo: numberField({ label: 'N', default: 5, min: 0, max: 99, unit: '' }) },
})
  .step({
    key: 'count',
    title: 'Count',
    action: count,
    input: ({ parameters }) => ({ upTo: parameters.upTo }),
  })
  .each({
    key: 'add',
    title: 'Add',
    size: 2,
    action: add,
    items: ({ earlier }) => earlier.count,
    input: (numbers) => numbers,
  })
  .stepUnless({
    key: 'again',
    title: 'Add again',
    action: add,
    skip: ({ earlier }) => (earlier.add.length > 1 ? null : 'Too few.'),
    input: ({ earlier }) => earlier.add,
  })
  .summary(({ earlier }) => [{ label: 'Sum', value: earlier.again ?? 0 }]);

const run = { runId: 'r', dryRun: false } as RunFacts;
const base = { parameters: { upTo: 5 }, run };
const done = (key: string, carry: unknown): StepRecord => ({ key, carry, skipped: false });
const counted = (length: number) => [done('count', [...Array(length).keys()])];

describe('planning', () => {
  it('begins with the first step alone', () => {
    expect(planNext(template, [], base)).toEqual([
      { key: 'count', action: 'test.count', title: 'Count', skip: null },
    ]);
  });

  it('cuts many items into chunks that say what is in them', () => {
    expect(planNext(template, counted(5), base).map(({ key, title }) => [key, title])).toEqual([
      ['add/1', 'Add (1–2 of 5)'],
      ['add/2', 'Add (3–4 of 5)'],
      ['add/3', 'Add (5–5 of 5)'],
    ]);
  });

  it('leaves out what has nothing to do, and looks on behind it', () => {
    expect(planNext(template, counted(0), base)).toEqual([
      { key: 'add', action: 'test.add', title: 'Add', skip: 'There is nothing to do.' },
      { key: 'again', action: 'test.add', title: 'Add again', skip: 'Too few.' },
    ]);
  });

  it('comes to an end', () => {
    const records = [...counted(3), done('add/1', 1), done('add/2', 2), done('again', 3)];
    expect(planNext(template, records, base)).toEqual([]);
  });
});

describe('a step’s input', () => {
  it('is its own chunk of the items', () => {
    const moment = { ...base, earlier: earlierOf(template, counted(5)) };
    expect(resolveStep(template, 'add/2', moment).input).toEqual([2, 3]);
    expect(resolveStep(template, 'add/3', moment).input).toEqual([4]);
  });

  it('has the outputs of all chunks before it', () => {
    const records = [...counted(3), done('add/1', 1), done('add/2', 2)];
    const moment = { ...base, earlier: earlierOf(template, records) };
    expect(resolveStep(template, 'again', moment).input).toEqual([1, 2]);
  });

  it('knows a step that was left out as null, and chunks that were as none', () => {
    const records = [
      ...counted(0),
      { key: 'add', carry: null, skipped: true },
      { key: 'again', carry: null, skipped: true },
    ];
    expect(earlierOf(template, records)).toEqual({ count: [], add: [], again: null });
  });
});

describe('a template', () => {
  it('gives its summary from what its steps left', () => {
    const records = [...counted(3), done('add/1', 1), done('add/2', 2), done('again', 3)];
    const moment = { ...base, earlier: earlierOf(template, records) };
    expect(template.summary(moment)).toEqual([{ label: 'Sum', value: 3 }]);
  });

  it('does not compile with an input that its action does not take', () => {
    const words = {
      key: 'x',
      title: 'X',
      description: 'X',
      icon: 'focus',
      provider: 'google',
      suggestedCron: '',
      parameters: {},
    } as const;
    const begin = defineTemplate(words);
    const step = { key: 'a', title: 'A' } as const;
    // @ts-expect-error the action takes a number
    const wrong = () => begin.step({ ...step, action: count, input: () => ({ upTo: 'five' }) });
    // @ts-expect-error no step before it has this key
    const early = () => begin.step({ ...step, action: add, input: ({ earlier }) => earlier.late });
    expect([wrong, early]).toHaveLength(2);
  });
});
