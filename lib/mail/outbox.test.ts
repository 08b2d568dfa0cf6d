import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
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

it('gives no file out of another folder', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-outbox-'));
  vi.stubEnv('DATA_DIR', dataDir);
  const { readOutboxMail, writeToOutbox } = await import('./outbox');
  const eml = Buffer.from('To: jo@harbour.example\r\nSubject: Hello\r\n\r\nText\r\n');
  const id = v7();
  await writeToOutbox(id, eml);
  mkdirSync(join(dataDir, 'elsewhere'));
  for (const name of ['elsewhere/mail.eml', 'mail.eml', 'outbox/mail.eml']) {
    writeFileSync(join(dataDir, name), eml);
  }
  expect(await readOutboxMail(id)).toMatchObject({ subject: 'Hello', text: 'Text' });
  for (const other of ['../elsewhere/mail', '../mail', 'mail', `./${id}`, `../outbox/${id}`, '']) {
    expect(await readOutboxMail(other), other).toBeNull();
  }
  rmSync(dataDir, { recursive: true });
});
