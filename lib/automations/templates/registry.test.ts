import { describe, expect, it } from 'vitest';
import { checkSchedule, templateIcons } from '../contract';
import { findTemplate, listTemplates } from './registry';

describe.each(listTemplates())('the template $key', (view) => {
  it('has a schedule to offer that works', () => {
    expect(checkSchedule(view.suggestedCron, 'UTC', new Date())).toEqual({ ok: true });
  });

  it('asks for permissions that people can read', () => {
    expect(view.permissions.length).toBeGreaterThan(0);
    for (const { permissions } of view.permissions) {
      expect(permissions.length).toBeGreaterThan(0);
      for (const { scope, title } of permissions) expect(title).not.toBe(scope);
    }
  });

  it('can be sent to a browser', () => {
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
    expect(templateIcons).toContain(view.icon);
  });

  it('has steps with keys of their own', () => {
    const keys = view.steps.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.join('')).not.toContain('/');
  });

  it('is found by its key', () => {
    expect(findTemplate(view.key)?.key).toBe(view.key);
  });
});
