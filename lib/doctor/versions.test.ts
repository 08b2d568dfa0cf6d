import { describe, expect, it } from 'vitest';
import { policyFault } from './policy';
import { isAtLeast } from './versions';

describe('isAtLeast', () => {
  it.each([
    ['16.4.6', '16.4.6', true],
    ['16.10.0', '16.4.6', true],
    ['16.4.5', '16.4.6', false],
    ['5.0.0-beta.31', '5.0.0-beta.32', false],
    ['5.0.0-beta.100', '5.0.0-beta.32', true],
    ['5.0.0', '5.0.0-beta.32', true],
    ['4.24.11', '5.0.0-beta.32', false],
  ])('%s against %s: %s', (version, floor, expected) => {
    expect(isAtLeast(version, floor)).toBe(expected);
  });
});

describe('policyFault', () => {
  const sound =
    "default-src 'self'; script-src 'self' 'nonce-x' 'strict-dynamic'; object-src 'none'; frame-ancestors 'none'";

  it('has nothing against a strict policy', () => {
    expect(policyFault(sound)).toBeUndefined();
  });

  it.each([
    null,
    "default-src 'self'; object-src 'none'; frame-ancestors 'none'",
    sound.replace("'strict-dynamic'", "'unsafe-inline'"),
    sound.replace("'strict-dynamic'", "'unsafe-eval'"),
    sound.replace("object-src 'none'; ", ''),
    sound.replace("; frame-ancestors 'none'", ''),
  ])('finds fault with %j', (policy) => {
    expect(policyFault(policy)).toBeTypeOf('string');
  });
});
