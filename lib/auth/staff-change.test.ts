import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { UserId } from '@/db';
import { testDatabase } from '@/db/testing';
import { listOutbox, readOutboxMail } from '@/lib/mail';
import {
  beginEnrolment,
  confirmEnrolment,
  hasFactor,
  standInCode,
  tellFactor,
} from '@/lib/second-factor';
import { holdTestKey } from '@/lib/vault/testing';
import { changeStaff, resetFactorOf } from './staff-change';

vi.stubEnv('LOG_LEVEL', 'silent');
vi.stubEnv('DATA_DIR', mkdtempSync(join(tmpdir(), 'tenantry-factor-')));
const database = testDatabase();
const facts = { requestId: 'req-1' };
let userId: UserId;
let email: string;

beforeAll(() => holdTestKey());
beforeEach(async () => {
  ({ userId, email } = await database.createMember(await database.createTenant()));
  await beginEnrolment(userId);
  await confirmEnrolment(userId, (await standInCode(userId))?.code ?? '', facts);
});

const subjects = async () =>
  (await listOutbox()).filter(({ to }) => to === email).map(({ subject }) => subject);

it('the operator takes the lost factor of a member away, who is told by mail', async () => {
  await resetFactorOf(email, facts);
  expect(await hasFactor(userId)).toBe(false);
  expect(await subjects()).toEqual(['The second factor of your account was taken away']);
  await expect(resetFactorOf(email, facts)).rejects.toThrow('has no second factor');
  await expect(resetFactorOf('nobody@example.com', facts)).rejects.toThrow('Nobody has');
});

it('whose factor two of the staff take away is told by mail', async () => {
  await changeStaff({ change: 'reset-factor', userId }, 'Paula and Amir', facts);
  expect(await subjects()).toEqual(['The second factor of your account was taken away']);
});

it.each([
  ['switched_on', 'A second factor was switched on for your account'],
  ['switched_off', 'The second factor of your account was switched off'],
] as const)(
  'that a factor was %s is told in a mail that says what to do',
  async (news, subject) => {
    await tellFactor(userId, news);
    const [mail] = (await listOutbox()).filter(({ to }) => to === email);
    expect(mail?.subject).toBe(subject);
    expect((await readOutboxMail(mail?.id ?? ''))?.text).toContain('If it was not you');
  },
);
