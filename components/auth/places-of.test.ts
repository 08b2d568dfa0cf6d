import { describe, expect, it } from 'vitest';
import { placesOf } from './places-of';

const settingsOf = (role: Parameters<typeof placesOf>[0]) =>
  placesOf(role).find(({ id }) => id === 'settings')?.href;

describe('the places of a workspace', () => {
  it('have the settings for whoever may see a page of them, and lead to the first such', () => {
    expect(settingsOf('owner')).toBe('/settings');
    expect(settingsOf('admin')).toBe('/settings/exports');
  });

  it.each(['member', 'viewer', 'support', 'support_mending'] as const)(
    'have no settings for %s, who may see none of them',
    (role) => expect(placesOf(role).map(({ id }) => id)).not.toContain('settings'),
  );

  it('are for a viewer those where one only looks', () => {
    expect(placesOf('viewer').map(({ id }) => id)).toEqual([
      'overview',
      'connections',
      'resources',
      'automations',
      'runs',
      'reports',
      'members',
    ]);
  });
});
