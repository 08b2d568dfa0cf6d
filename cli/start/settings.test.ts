import { describe, expect, it } from 'vitest';
import { servingEnvironment } from './parts';
import { readSettings } from './settings';

describe('readSettings', () => {
  it('needs nothing', () => {
    expect(readSettings({}, [])).toMatchObject({
      dev: false,
      production: false,
      port: 3000,
      appUrl: 'http://localhost:3000',
      databaseUrl: undefined,
      emulators: ['GOOGLE', 'MICROSOFT', 'SLACK'],
      servingUrls: undefined,
      contextKey: undefined,
    });
  });

  it('derives the address from the port unless it is given', () => {
    expect(readSettings({ PORT: '4100' }, []).appUrl).toBe('http://localhost:4100');
    const given = readSettings({ PORT: '4100', APP_URL: 'http://demo.localhost/' }, []);
    expect(given.appUrl).toBe('http://demo.localhost');
  });

  it('names what is wrong, and that only', () => {
    expect(() => readSettings({ PORT: 'many' }, [])).toThrow(/PORT/);
    expect(() => readSettings({ PORT: 'many' }, [])).not.toThrow(/APP_URL/);
  });

  it('runs no stand-in beside a real client', () => {
    expect(readSettings({ GOOGLE_CLIENT_ID: 'x' }, []).emulators).toEqual(['MICROSOFT', 'SLACK']);
  });

  it('wants all logins of the serving roles or none', () => {
    const some = { DATABASE_APP_URL: 'postgres://a', DATABASE_ENGINE_URL: 'postgres://e' };
    expect(() => readSettings(some, [])).toThrow('DATABASE_IDENTITY_URL is not.');
  });
});

describe('servingEnvironment', () => {
  const database = {
    urls: { app: 'a', identity: 'i', platform: 'p', engine: 'e', contextKey: 'k' },
    embedded: true,
    stop: async () => undefined,
  };
  const secrets = {
    authSecret: 'x'.repeat(32),
    contextKey: 'x'.repeat(32),
    databasePasswords: { app: '', identity: '', platform: '', engine: '' },
  };

  it('hands the owner’s login to nobody', () => {
    process.env.DATABASE_URL = 'postgres://owner@db/tenantry';
    const settings = readSettings({ DATABASE_URL: 'postgres://owner@db/tenantry' }, []);
    const env = servingEnvironment(settings, secrets, database, undefined);
    delete process.env.DATABASE_URL;
    expect(Object.values(env).join(' ')).not.toContain('owner@db');
    expect(env).toMatchObject({ DATABASE_APP_URL: 'a', DATABASE_ENGINE_URL: 'e' });
  });
});
