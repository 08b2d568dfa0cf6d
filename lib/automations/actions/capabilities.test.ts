import { expect, it } from 'vitest';
import { connectionFault, missingPermissions } from '../manage/check';
import { findTemplate } from '../templates/registry';

it('a reminder in a Slack channel takes leave to join it, which a first consent does not ask for', () => {
  const template = findTemplate('channel-message');
  if (!template) throw new Error('the template is gone');
  const scopes = ['channels:read', 'chat:write', 'users:read'];
  const slack = { provider: 'slack', authority: 'application', state: 'active' } as const;
  expect(missingPermissions(template, { ...slack, scopes }).map(({ scope }) => scope)).toEqual([
    'channels:join',
  ]);
  expect(connectionFault(template, { ...slack, scopes })).toContain('“Join public channels”');
  const allowed = [...scopes, 'channels:join'];
  expect(connectionFault(template, { ...slack, scopes: allowed })).toBeNull();
});
