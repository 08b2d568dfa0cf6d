import { describe, expect, it } from 'vitest';
import { parseAddress } from './address';

describe('parseAddress', () => {
  it.each([
    ['Ada Lovelace <Ada@Example.com>', { name: 'Ada Lovelace', address: 'ada@example.com' }],
    ['"Lovelace, Ada" <ada@example.com>', { name: 'Lovelace, Ada', address: 'ada@example.com' }],
    ['  <ada@example.com>  ', { name: '', address: 'ada@example.com' }],
    [' Ada@example.com ', { name: '', address: 'ada@example.com' }],
    ['no address <not one>', { name: '', address: 'no address <not one>' }],
    ['Ada <ada@example.com> (work)', { name: '', address: 'ada <ada@example.com> (work)' }],
    ['<<ada@example.com>', { name: '<', address: 'ada@example.com' }],
    ['', { name: '', address: '' }],
  ])('reads %j', (from, expected) => {
    expect(parseAddress(from)).toEqual(expected);
  });

  // Whoever writes a mail chooses its sender's name.
  it.each(['   ', '"   ', 'a   ', '<   ', '>   '])(
    'takes time in proportion to %j repeated',
    (unit) => {
      const begun = process.cpuUsage();
      parseAddress(`${unit.repeat(1_000)}x`);
      expect(process.cpuUsage(begun).user / 1_000).toBeLessThan(500);
    },
    120_000,
  );
});
