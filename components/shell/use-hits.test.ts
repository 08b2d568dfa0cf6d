import { describe, expect, it } from 'vitest';
import type { PaletteHit } from '@/lib/palette/contract';
import { hitsNow } from './use-hits';

const found: readonly PaletteHit[] = [
  { kind: 'run', id: 'run-1', label: 'Morning agenda', hint: 'Run', href: '/runs/run-1' },
];
const answer = { q: 'morning', found, isFetching: false, error: null };

describe('what the palette has found', () => {
  it('is the answer to the words that stand there', () => {
    expect(hitsNow(' morning ', answer)).toEqual({ hits: found, pending: false, error: null });
  });

  it('is nothing while other words stand there than were asked: Enter opens no earlier hit', () => {
    expect(hitsNow('evening', answer)).toEqual({ hits: [], pending: true, error: null });
  });

  it('is nothing while the answer is on its way', () => {
    const asked = { q: 'evening', found: undefined, isFetching: true, error: null };
    expect(hitsNow('evening', asked)).toEqual({ hits: [], pending: true, error: null });
  });

  it('keeps an answer while the same is asked again', () => {
    expect(hitsNow('morning', { ...answer, isFetching: true }).hits).toEqual(found);
  });

  it('is no failure of earlier words', () => {
    const failed = { q: 'morning', found: undefined, isFetching: false, error: new Error('No.') };
    expect(hitsNow('morning', failed).error).toBe('No.');
    expect(hitsNow('evening', failed).error).toBeNull();
  });
});
