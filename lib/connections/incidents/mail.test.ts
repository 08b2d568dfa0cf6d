import { describe, expect, it } from 'vitest';
import { mailOf, type ToldIncident } from './mail';

const reasonIn = (reason: string): string => {
  const incident: ToldIncident = {
    connectionId: '1',
    provider: 'google',
    name: 'olivia@northwind.example',
    kind: 'needs_scopes',
    reason,
    since: new Date(0),
    endedAt: null,
    waiting: 0,
  };
  return mailOf([incident], [])?.text.split('\n')[1]?.trim() ?? '';
};

describe('a reason in a mail', () => {
  it('that is long ends with a whole sentence', () => {
    const first = `${'word '.repeat(40)}ends.`;
    expect(reasonIn(`${first} ${'more '.repeat(40)}ends.`)).toBe(first);
  });

  it('of one long sentence ends with a whole word', () => {
    const shown = reasonIn('password '.repeat(60));
    expect(shown).toMatch(/password…$/);
    expect(shown.length).toBeLessThanOrEqual(300);
  });

  it('stands on one line', () => {
    expect(reasonIn('One.\r\n\u2028Two.')).toBe('One. Two.');
  });
});
