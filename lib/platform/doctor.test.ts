import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newId, type UserId } from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { doctorReport, placed } from '@/lib/doctor';
import { recordReport } from '@/lib/trust';
import { checkAgain, readDoctor } from '.';

const database = testDatabase();

const staff: StaffContext = {
  userId: newId<UserId>(),
  role: 'support',
  name: 'Sam Support',
  email: 'sam@support.example',
  requestId: 'request-1',
};

let served: Server;

beforeAll(async () => {
  served = createServer((_request, response) => {
    response.setHeader(
      'content-security-policy',
      "script-src 'nonce-x' 'strict-dynamic'; object-src 'none'; frame-ancestors 'none'",
    );
    response.end();
  });
  await new Promise<void>((resolve) => served.listen(0, 'localhost', resolve));
  vi.stubEnv('PORT', String((served.address() as AddressInfo).port));
});
afterAll(() => {
  vi.unstubAllEnvs();
  served.close();
});

const looks = async (): Promise<readonly string[]> => {
  const { rows } = await database.owner.query<{ action: string }>(
    'select action from staff_access_logs order by at, id',
  );
  return rows.map(({ action }) => action);
};

describe('the doctor in the console', () => {
  it('has nothing to show before the first look, and the visit is on record', async () => {
    expect(await readDoctor(staff)).toEqual({ shown: null, gone: false, history: [] });
    expect(await looks()).toEqual(['doctor.opened']);
  });

  it('shows the look of the start in full', async () => {
    const code = placed('caches', 'code', {
      check: 'Nothing is cached across tenants',
      looked: '3 files',
      findings: [{ where: 'lib/x.ts:1', problem: 'It is kept.', remedy: 'Do not.' }],
    });
    const at = new Date('2026-11-20T08:00:00Z');
    await recordReport(
      doctorReport({
        checks: [code],
        origin: 'start',
        startedAt: at,
        finishedAt: at,
        version: '1',
      }),
    );
    const { shown } = await readDoctor(staff);
    expect(shown).toMatchObject({ ok: false, failed: 1, checks: 1, version: '1' });
    expect(shown?.document).toMatchObject({ origin: 'start', checks: [code] });
  });

  it('looks again at all but the code, and says of when the code was seen', async () => {
    await Promise.all([checkAgain(staff), checkAgain(staff)]);
    const { shown, history } = await readDoctor(staff);
    expect(history).toHaveLength(2);
    const checks = shown?.document?.checks ?? [];
    expect(shown?.document).toMatchObject({
      origin: 'console',
      codeAt: '2026-11-20T08:00:00.000Z',
    });
    expect(checks.filter(({ source }) => source === 'code')).toHaveLength(1);
    const found = checks.filter(({ source }) => source !== 'code').flatMap((one) => one.findings);
    expect(found).toEqual([]);
    expect((await looks()).filter((action) => action === 'doctor.run')).toHaveLength(2);
  });

  it('finds what was broken since', async () => {
    await database.owner.query('alter table runs no force row level security');
    const { findings } = await checkAgain(staff);
    expect(findings).toBeGreaterThan(1);
    const { shown } = await readDoctor(staff);
    const found = shown?.document?.checks.flatMap(({ findings }) => findings) ?? [];
    expect(found).toContainEqual(
      expect.objectContaining({ severity: 'danger', problem: expect.stringContaining('runs') }),
    );
  });

  it('shows a past look that is asked for, and the latest in place of one that is gone', async () => {
    const { history } = await readDoctor(staff);
    const [latest, past] = [history[0], history.at(-1)];
    expect(await readDoctor(staff, past?.id)).toMatchObject({
      shown: { id: past?.id, version: '1', document: { origin: 'start' } },
      gone: false,
    });
    expect(await readDoctor(staff, newId())).toMatchObject({
      shown: { id: latest?.id },
      gone: true,
    });
  });
});
