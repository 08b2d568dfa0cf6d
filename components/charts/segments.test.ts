import { expect, it } from 'vitest';
import { segments } from './segments';

it('draws each value in the middle of its time, the largest at the top', () => {
  expect(segments([0, 5, 10], 10)).toEqual([
    { from: 16.67, to: 83.33, points: '16.67,100 50,50 83.33,0' },
  ]);
});

it('leaves a gap where nobody looked', () => {
  const drawn = segments([1, 1, null, 2, 2], 2);
  expect(drawn.map(({ points }) => points)).toEqual(['10,50 30,50', '70,0 90,0']);
});

it('shows a value that stands alone', () => {
  expect(segments([null, 4, null, null], 4)).toEqual([{ from: 25, to: 50, points: '25,0 50,0' }]);
});

it('draws nothing of nothing', () => {
  expect(segments([null, null], 1)).toEqual([]);
});
