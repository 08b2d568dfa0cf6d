import { describe, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { type Asked, letter } from './letter';

const connection = {
  id: '019aa7c4-5f5e-7a39-9d2a-3a6f0d6d7c11' as ConnectionId,
  provider: 'google',
  authority: 'delegated',
  state: 'active',
  accountEmail: 'ada@example.com',
  organizationName: null,
} as const;
const request = {
  scopes: ['https://www.googleapis.com/auth/calendar.events'],
  message: 'We add events from today on.',
  deadline: new Date('2026-12-01T23:59:59.999Z'),
  requestedName: 'Sam Support',
  mails: 0,
};
const told = (change: Partial<Asked['connection']>, asked: Partial<Asked['request']> = {}) =>
  letter(
    { connection: { ...connection, ...change }, request: { ...request, ...asked } },
    'https://tenantry.example/reconsent/x',
  );

describe('a campaign’s letter names the button that is there', () => {
  it('for what works and lacks a permission', () => {
    const { subject, text } = told({});
    expect(subject).toBe('Please allow more for ada@example.com by 1 December 2026');
    expect(text).toContain('choose “Allow …”');
    expect(text).not.toContain('Connect again');
  });

  it.each([
    ['what lacks a permission and stopped working', told({ state: 'needs_reconsent' })],
    ['a service account, which takes another key', told({ authority: 'application' })],
    ['what stopped working', told({ state: 'needs_reconsent' }, { scopes: [] })],
  ])('for %s', (_what, { text }) => {
    expect(text).toContain('choose “Connect again”');
  });

  it('and says to whom a link is to be handed', () => {
    expect(told({}).text).toContain('If ada@example.com is somebody else’s account, hand this');
    const whole = {
      authority: 'application',
      organizationName: 'Acme',
      accountEmail: null,
    } as const;
    expect(told(whole).text).toContain('If somebody else administers Google Workspace');
  });

  it('and holds a link only where there is one', () => {
    expect(told({}).text).toContain('hand this link to them');
    expect(letter({ connection, request }, null).text).not.toContain('hand this link to them');
  });

  it('and says that it is a reminder', () => {
    expect(told({}, { scopes: [], mails: 1 }).subject).toBe(
      'Reminder: please connect ada@example.com again by 1 December 2026',
    );
  });
});
