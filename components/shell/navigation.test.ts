import { describe, expect, it } from 'vitest';
import { currentPlace, type NavItem } from './navigation';

const admin: readonly NavItem[] = [{ id: 'admin-tenants' }, { id: 'admin-audit' }];

describe('currentPlace', () => {
  it('is the most exact of those the path lies in', () => {
    expect(currentPlace(admin, '/admin/tenants')).toBe('admin-tenants');
    expect(currentPlace(admin, '/admin/tenants/1')).toBe('admin-tenants');
    expect(currentPlace(admin, '/admin/audit')).toBe('admin-audit');
  });

  it('is the first page of the console on that page only', () => {
    expect(currentPlace([{ id: 'admin-overview' }], '/admin')).toBe('admin-overview');
    expect(currentPlace([{ id: 'admin-overview' }], '/admin/account')).toBeUndefined();
  });

  it('takes no likeness of names for a section', () => {
    expect(currentPlace([{ id: 'runs' }], '/runs/1')).toBe('runs');
    expect(currentPlace([{ id: 'runs' }], '/runs-archive')).toBeUndefined();
  });
});
