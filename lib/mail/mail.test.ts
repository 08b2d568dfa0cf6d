import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type MailId, newId, type TenantContext, withTenant } from '@/db';
import { jobs, mails } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import type { ActingContext } from '@/lib/tenancy';
import { prepareVault } from '@/lib/vault';
import {
  deliver,
  forgetOutboxMails,
  listOutbox,
  mailRequested,
  queueMail,
  readOutboxMail,
} from '.';
import { sendBySmtp } from './transport';

const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-mail-'));
vi.stubEnv('DATA_DIR', dataDir);
const database = testDatabase();
beforeAll(() => prepareVault());

const acting = (context: TenantContext): ActingContext => ({
  ...context,
  actor: { type: 'system', id: null, name: 'Tenantry' },
  requestId: 'req-1',
});
const letter = {
  to: 'ada@acme.example',
  subject: 'Grüße – an invitation',
  text: 'Follow https://tenantry.test/invitations/s3cret-t0ken\nto join. Schöne Grüße',
};

async function queued() {
  const tenant = await database.createTenant();
  const id = await withTenant(tenant, (tx) => queueMail(tx, acting(tenant), letter));
  const row = async () => (await withTenant(tenant, (tx) => tx.select().from(mails)))[0];
  return { tenant, id, row };
}

describe('queueMail', () => {
  it('asks for the delivery and keeps the text sealed', async () => {
    const { tenant, id, row } = await queued();
    const asked = await withTenant(tenant, (tx) => tx.select().from(jobs));
    expect(asked).toMatchObject([{ kind: mailRequested, subjectId: id, requestId: 'req-1' }]);
    const mail = await row();
    expect(mail?.sentAt).toBeNull();
    expect(Buffer.from(mail?.sealedBody ?? '', 'base64').toString('latin1')).not.toContain(
      's3cret',
    );
  });

  it('asks for nothing when the transaction does not commit', async () => {
    const tenant = await database.createTenant();
    const failing = withTenant(tenant, async (tx) => {
      await queueMail(tx, acting(tenant), letter);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await withTenant(tenant, (tx) => tx.select().from(mails))).toEqual([]);
    expect(await withTenant(tenant, (tx) => tx.select().from(jobs))).toEqual([]);
  });
});

it('lists the mail first that was written last, however old what it is about', async () => {
  const [older, newer] = [newId(), newId()];
  mkdirSync(join(dataDir, 'outbox'), { recursive: true });
  for (const [id, second] of [
    [older, '09'],
    [newer, '08'],
  ]) {
    const eml = `Date: Fri, 01 Jan 2100 00:00:${second} +0000\r\nSubject: Hello\r\n\r\nText\r\n`;
    writeFileSync(join(dataDir, 'outbox', `${id}.eml`), eml);
  }
  expect((await listOutbox()).slice(0, 2).map(({ id }) => id)).toEqual([older, newer]);
  expect(await forgetOutboxMails([older, newer])).toBe(2);
});

describe('deliver', () => {
  it('writes the mail to the outbox, for its owner alone, and marks it', async () => {
    const { tenant, id, row } = await queued();
    expect(await deliver(tenant, id)).toBe('sent');
    expect((await row())?.sentAt).toBeInstanceOf(Date);
    expect(statSync(join(dataDir, 'outbox', `${id}.eml`)).mode & 0o777).toBe(0o600);
    expect(await readOutboxMail(id)).toMatchObject({ id, ...letter });
    expect((await listOutbox())[0]).toMatchObject({ id, to: letter.to, subject: letter.subject });
    expect(readFileSync(join(dataDir, 'outbox', `${id}.eml`), 'utf8')).toContain(
      `Message-ID: <${id}@tenantry.localhost>`,
    );
    expect(readdirSync(join(dataDir, 'outbox')).filter((name) => name.endsWith('.new'))).toEqual(
      [],
    );
  });

  it('sends once when it is asked again, and when two workers are at it', async () => {
    const { tenant, id } = await queued();
    const send = vi.fn(async () => undefined);
    const both = await Promise.all([deliver(tenant, id, send), deliver(tenant, id, send)]);
    expect(both.sort()).toEqual(['already_sent', 'sent']);
    expect(await deliver(tenant, id, send)).toBe('already_sent');
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('notes why it failed, without addresses, and can be tried again', async () => {
    const { tenant, id, row } = await queued();
    const refused = async () => {
      throw new Error('550 no mailbox ada@acme.example');
    };
    await expect(deliver(tenant, id, refused)).rejects.toThrow('550');
    expect(await row()).toMatchObject({ sentAt: null, error: '550 no mailbox a…@acme.example' });
    expect(await deliver(tenant, id)).toBe('sent');
    expect(await row()).toMatchObject({ error: null });
  });

  it('does not find another tenant’s mail', async () => {
    const { id } = await queued();
    const other = await database.createTenant('Other');
    expect(await deliver(other, id)).toBe('gone');
  });

  it('speaks SMTP', async () => {
    const { tenant, id } = await queued();
    const { url, received, close } = await smtpServer();
    expect(await deliver(tenant, id, sendBySmtp(url))).toBe('sent');
    await close();
    expect(received()).toContain('RCPT TO:<ada@acme.example>');
    expect(received()).toContain(`Message-ID: <${id}@tenantry.localhost>`);
  });
});

describe('readOutboxMail', () => {
  it.each(['../secrets', newId<MailId>()])('has nothing under %s', async (id) => {
    expect(await readOutboxMail(id)).toBeNull();
  });
});

/** As much of RFC 5321 as one delivery takes. */
async function smtpServer() {
  let said = '';
  const server = createServer((socket) => {
    let inData = false;
    let rest = '';
    socket.write('220 test\r\n');
    socket.on('data', (chunk) => {
      const lines = `${rest}${chunk}`.split('\r\n');
      // A line may come in pieces.
      rest = lines.pop() ?? '';
      for (const line of lines) {
        said += `${line}\n`;
        if (inData) {
          if (line !== '.') continue;
          inData = false;
          socket.write('250 taken\r\n');
        } else if (line === 'DATA') {
          inData = true;
          socket.write('354 go on\r\n');
        } else socket.write(line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received: () => said,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
