import { describe, expect, it } from 'vitest';
import { loadEnv } from '@/lib/env';
import { productionRefusals, refusalText } from '.';

const sound = {
  TENANTRY_MODE: 'production',
  APP_URL: 'https://tenantry.test',
  ALLOW_LOCAL_KEY_FILE: '1',
  SMTP_URL: 'smtp://mail.tenantry.test',
  OBJECTS_URL: 's3://files',
};
const refused = (changes: Record<string, string>, embedded = false) =>
  productionRefusals(loadEnv({ ...sound, ...changes }), embedded).map(({ setting }) => setting);

describe('productionRefusals', () => {
  it('lets a sound configuration pass', () => {
    expect(refused({})).toEqual([]);
  });

  it.each([
    ['APP_URL', { APP_URL: 'http://tenantry.test' }],
    ['APP_URL', { APP_URL: 'http://localhost:3000' }],
    ['GOOGLE_EMULATOR_URL', { GOOGLE_EMULATOR_URL: 'http://localhost:4000' }],
    ['MICROSOFT_EMULATOR_URL', { MICROSOFT_EMULATOR_URL: 'http://localhost:4001' }],
    ['SLACK_EMULATOR_URL', { SLACK_EMULATOR_URL: 'http://localhost:4002' }],
    ['INNGEST_DEV', { INNGEST_DEV: '1' }],
    ['KEY_FILE', { ALLOW_LOCAL_KEY_FILE: '0' }],
    ['KEY_ENCRYPTION_KEY', { ALLOW_LOCAL_KEY_FILE: '0', KEY_ENCRYPTION_KEY: 'file:/etc/key' }],
    ['KEY_ENCRYPTION_KEY', { KEY_ENCRYPTION_KEY: 'vault-transit:http://vault:8200/t/keys/k' }],
    ['KEY_ENCRYPTION_KEY', { KEY_ENCRYPTION_KEY: 'gcp-kms:projects/p?endpoint=http://kms' }],
    ['KEY_STORE_URL', { KEY_STORE_URL: 'postgres://db/x', DATABASE_URL: 'postgres://db/x' }],
    [
      'KEY_STORE_URL',
      { KEY_STORE_URL: 'postgresql://keys@DB:5432/x', DATABASE_URL: 'postgres://owner@db/x' },
    ],
    ['DELETION_GRACE_DAYS', { DELETION_GRACE_DAYS: '0' }],
    ['OBJECTS_URL', { OBJECTS_URL: '' }],
    ['OBJECTS_URL', { OBJECTS_URL: 'dir:/var/files' }],
    ['OBJECTS_URL', { OBJECTS_URL: 's3://files?endpoint=http://minio:9000' }],
    ['SMTP_URL', { SMTP_URL: '' }],
    ['QUERY_JOURNEY', { QUERY_JOURNEY: '/tmp/journey' }],
  ])('refuses %s of %j', (setting, changes) => {
    expect(refused(changes as Record<string, string>)).toEqual([setting]);
  });

  it.each([
    'vault-transit:https://vault:8200/transit/keys/k',
    'vault-transit:http://127.0.0.1:8200/transit/keys/k',
    'aws-kms:arn:aws:kms:eu-central-1:111122223333:key/k',
  ])('takes a key in a service: %s', (key) => {
    expect(refused({ ALLOW_LOCAL_KEY_FILE: '0', KEY_ENCRYPTION_KEY: key })).toEqual([]);
  });

  it('refuses the embedded database until somebody opts in', () => {
    expect(refused({}, true)).toEqual(['DATABASE_URL']);
    expect(refused({ ALLOW_EMBEDDED_DATABASE: '1' }, true)).toEqual([]);
  });

  it('refuses nothing in a demo', () => {
    expect(refused({ TENANTRY_MODE: 'demo', INNGEST_DEV: '1', APP_URL: 'http://x' }, true)).toEqual(
      [],
    );
  });

  it('says what to do in one paragraph', () => {
    const text = refusalText(productionRefusals(loadEnv({ ...sound, INNGEST_DEV: '1' }), false));
    expect(text).toContain('INNGEST_DEV: anybody could send events for any tenant; unset it.');
    expect(text).not.toContain('\n');
  });
});
