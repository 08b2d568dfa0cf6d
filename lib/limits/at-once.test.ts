import { expect, it } from 'vitest';
import { atOnce } from '.';

it('bounds what is under way for one, and leaves another alone', async () => {
  const under = { ada: 0, bob: 0 };
  const most = { ada: 0, bob: 0 };
  const work = (who: 'ada' | 'bob') =>
    atOnce(who, 4, async () => {
      under[who] += 1;
      most[who] = Math.max(most[who], under[who]);
      await new Promise((resolve) => setImmediate(resolve));
      under[who] -= 1;
    });
  await Promise.all([
    ...Array.from({ length: 40 }, () => work('ada')),
    ...Array.from({ length: 3 }, () => work('bob')),
  ]);
  expect(most).toEqual({ ada: 4, bob: 3 });
});

it('gives its place on when the work fails', async () => {
  const failing = () =>
    atOnce('eve', 1, async () => {
      throw new Error('no');
    });
  const results = await Promise.allSettled([failing(), failing(), failing()]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await atOnce('eve', 1, async () => 'yes')).toBe('yes');
});
