import { describe, expect, it } from 'vitest';
import { KeptTokens } from './kept-tokens';

const token = (name: string) => ({ token: name, expiresAt: 0, generation: 1 });

describe('tokens in memory', () => {
  it('are bounded: the one used longest ago goes first', () => {
    const kept = new KeptTokens(2);
    kept.keep('a', token('a'));
    kept.keep('b', token('b'));
    kept.recall('a');
    kept.keep('c', token('c'));
    expect(kept.recall('b')).toBeNull();
    expect([kept.recall('a'), kept.recall('c')]).toEqual([token('a'), token('c')]);
  });

  it('are replaced by a newer one, which counts once', () => {
    const kept = new KeptTokens(2);
    kept.keep('a', token('old'));
    kept.keep('b', token('b'));
    kept.keep('a', token('new'));
    expect([kept.recall('a'), kept.recall('b')]).toEqual([token('new'), token('b')]);
  });

  it('of one connection are dropped together', () => {
    const kept = new KeptTokens(9);
    kept.keep('t/1/a', token('a'));
    kept.keep('t/1/b', token('b'));
    kept.keep('t/12/a', token('c'));
    kept.forget('t/1/');
    expect([kept.recall('t/1/a'), kept.recall('t/1/b'), kept.recall('t/12/a')]).toEqual([
      null,
      null,
      token('c'),
    ]);
  });
});
