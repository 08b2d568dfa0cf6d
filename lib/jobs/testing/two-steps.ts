import type { InngestFunction } from 'inngest';
import { inngest } from '../client';

/** A function of two steps, the same in every process that defines it. */
export function twoSteps(execute: (step: 'first' | 'second') => unknown): InngestFunction.Any {
  return inngest.createFunction(
    { id: 'two-steps', triggers: [{ event: 'testing/two-steps' }] },
    async ({ step }) => {
      const first = await step.run('first', () => execute('first'));
      const second = await step.run('second', () => execute('second'));
      return { first, second };
    },
  );
}
