import { describe, expect, it } from 'vitest';
import { safeReturnPath } from './return-path';

describe('safeReturnPath', () => {
  it.each(['/audit?action=run.finished&from=2026-01-01', '/runs/0198-7#step', '/'])(
    'keeps %s',
    (next) => expect(safeReturnPath(next)).toBe(next),
  );

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '///evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/./\\evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    'javascript:alert(1)',
    'overview',
    '',
    '/sign-in?next=/audit',
    '/sign-in',
    '/sign-up',
    '/api/auth/signout',
  ])('refuses %j', (next) => expect(safeReturnPath(next)).toBe('/overview'));

  it('falls back when nothing was given', () => {
    expect(safeReturnPath(undefined)).toBe('/overview');
    expect(safeReturnPath(null, '/')).toBe('/');
  });
});
