/** A process that gets stuck in the second step of every run; a test kills it there. */
import { Engine } from '../engine';
import { twoSteps } from './two-steps';

const stuck = new Promise<never>(() => {});

const fn = twoSteps((step) => {
  process.send?.(step);
  return step === 'first' ? `by ${process.pid}` : stuck;
});

await new Engine({ functions: [fn], pollMs: 50, leaseMs: 3_600_000 }).start();
process.send?.('ready');
