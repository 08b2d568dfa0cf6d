import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

// Whoever reads an invitation's mail can accept it: in production that is nobody of the staff.
it.each([
  ['demo', '', true],
  ['demo', 'smtp://mail.example', false],
  ['production', '', false],
  ['production', 'smtp://mail.example', false],
])('in %s mode with mail server %j the outbox is shown to staff: %s', async (mode, smtp, shown) => {
  vi.stubEnv('TENANTRY_MODE', mode);
  vi.stubEnv('SMTP_URL', smtp);
  const { showsOutbox } = await import('./outbox');
  expect(showsOutbox()).toBe(shown);
});
