import { describe, expect, it } from 'vitest';
import { testDatabase } from '@/db/testing';
import { withLogin } from '@/db/urls';
import { loadEnv } from '@/lib/env';
import { inspectDatabase } from './database';
import type { Installation } from './installation';

const database = testDatabase();

const installation = (changes: Partial<Installation> = {}): Installation => ({
  env: loadEnv({}),
  dataDir: '/nowhere',
  production: false,
  embedded: false,
  owner: database.ownerUrl,
  serving: database.urls,
  ...changes,
});

const findings = async (changes: Partial<Installation> = {}) =>
  (await inspectDatabase(installation(changes))).flatMap((check) => check.findings);

describe('the doctor at a database', () => {
  it('finds nothing where all is well', async () => {
    expect(await findings()).toEqual([]);
  });

  it('keeps what the catalogue shows when nothing can be tried', async () => {
    await database.owner.query('alter table runs no force row level security');
    const app = withLogin(database.urls.app, 'tenantry_app', 'another');
    const found = await findings({ serving: { ...database.urls, app } });
    await database.owner.query('alter table runs force row level security');
    expect(found).toContainEqual(
      expect.objectContaining({ severity: 'danger', problem: expect.stringContaining('runs') }),
    );
    expect(found).toContainEqual(expect.objectContaining({ unseen: true, where: 'tenantry_app' }));
  });

  it('tries what it can when the catalogue is closed to it', async () => {
    const owner = withLogin(database.ownerUrl, 'stranger', 'unknown');
    const checks = await inspectDatabase(installation({ owner }));
    expect(checks.flatMap((check) => check.findings)).toEqual([
      expect.objectContaining({ unseen: true, where: 'DATABASE_URL' }),
    ]);
    expect(checks.length).toBeGreaterThan(3);
  });

  it('says so when it sees neither', async () => {
    const owner = withLogin(database.ownerUrl, 'stranger', 'unknown');
    const app = withLogin(database.urls.app, 'stranger', 'unknown');
    const found = await findings({ owner, serving: { ...database.urls, app } });
    expect(found).toEqual([expect.objectContaining({ unseen: true })]);
  });
});
