import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '@/emulators';
import { emulatorConfig } from './config';
import { microsoftAdminConsent } from './index';
import {
  connectOrganization,
  consentForOrganization,
  fabrikam,
  northwind,
  olivia,
  omar,
  proveAs,
} from './testing';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator('microsoft');
});
afterEach(async () => {
  emulator.clearFaults();
  await emulator.act('revoke', northwind);
});
afterAll(() => emulator.close());

const admin = () => microsoftAdminConsent(emulatorConfig(emulator.url));
const employee = 'tom@northwind.example';

describe('an administrator’s consent', () => {
  it('with its proof connects the organisation', async () => {
    const { account, domain, tokens, grant } = await connectOrganization(emulator);
    expect(account).toEqual({
      accountId: northwind,
      email: null,
      name: 'Northwind Traders',
      organizationId: northwind,
    });
    expect(domain).toBe('northwind.example');
    expect(tokens.scopes).toContain('Mail.ReadWrite');
    expect(grant).toEqual({ kind: 'client_credentials', organizationId: northwind });
  });

  it('asks for everything that is registered on our app', () => {
    const url = new URL(admin().url({ state: 's', redirectUri: 'http://localhost/back' }));
    expect(url.pathname).toBe('/organizations/v2.0/adminconsent');
    expect(url.searchParams.get('scope')).toBe('https://graph.microsoft.com/.default');
  });

  it('that was declined says so', async () => {
    const page = admin().read(new URLSearchParams('admin_consent=True&error=consent_required'));
    expect(page).toMatchObject({ consented: false, error: 'consent_required' });
  });

  it.each([
    'admin_consent=True',
    `tenant=${northwind}`,
    'admin_consent=True&tenant=../../evil',
    'admin_consent=False&tenant=6f2c1b84-0a5d-4e37-9c41-2b8f7d3e5a10',
  ])('is not read out of %s', (query) => {
    expect(admin().read(new URLSearchParams(query))).toMatchObject({ consented: false });
  });
});

describe('somebody who claims an organisation that has consented already', () => {
  it('cannot sign in to it with an account of another one', async () => {
    await consentForOrganization(emulator, olivia);
    const { back } = await proveAs(emulator, omar, northwind);
    expect(back.searchParams.has('code')).toBe(false);
  });

  it('is refused when the code is for another directory', async () => {
    await consentForOrganization(emulator, olivia);
    const { exchange } = await proveAs(emulator, omar, fabrikam);
    await expect(admin().prove({ ...exchange, organizationId: northwind })).rejects.toMatchObject({
      name: 'ProviderError',
    });
  });

  it('is refused when they belong to it and are no administrator', async () => {
    await consentForOrganization(emulator, olivia);
    const { exchange } = await proveAs(emulator, employee, northwind);
    const person = await admin().prove(exchange);
    expect(person).toMatchObject({ organizationId: northwind, address: employee });
    await expect(admin().verify(person)).rejects.toMatchObject({
      kind: 'forbidden',
      failure: { code: 'not_an_administrator' },
    });
  });

  it('is refused as who only looks after apps, unless the connection was theirs before', async () => {
    await consentForOrganization(emulator, olivia);
    const { exchange } = await proveAs(emulator, 'grace@northwind.example', northwind);
    const person = await admin().prove(exchange);
    await expect(admin().verify(person)).rejects.toMatchObject({
      failure: {
        code: 'not_an_administrator',
        advice: expect.stringContaining('Global Administrator or Privileged Role Administrator'),
      },
    });
    expect(await admin().verify(person, { again: true })).toMatchObject({
      domain: 'northwind.example',
    });
  });

  it('is refused when they make the person up', async () => {
    await consentForOrganization(emulator, olivia);
    const person = {
      organizationId: northwind,
      personId: '00000000-0000-4000-a000-000000000000',
      name: null,
      address: null,
    };
    await expect(admin().verify(person)).rejects.toMatchObject({
      failure: { code: 'not_an_administrator' },
    });
  });
});

describe('a proof', () => {
  it('does not hold with another key’s signature', async () => {
    await consentForOrganization(emulator, olivia);
    const { exchange } = await proveAs(emulator, olivia, northwind);
    emulator.fault({ path: '/*/discovery/v2.0/keys', body: { keys: [] } });
    await expect(admin().prove(exchange)).rejects.toMatchObject({ kind: 'invalid_response' });
  });

  it('cannot be made while the roles it takes are missing', async () => {
    await consentForOrganization(emulator, olivia);
    await emulator.act('remove_permission', northwind, 'RoleManagement.Read.Directory');
    const { exchange } = await proveAs(emulator, olivia, northwind);
    await expect(admin().verify(await admin().prove(exchange))).rejects.toMatchObject({
      kind: 'needs_scopes',
      failure: { missing: ['RoleManagement.Read.Directory'] },
    });
  });

  it('waits a moment for a consent that is not known everywhere yet', async () => {
    await consentForOrganization(emulator, olivia);
    const { exchange } = await proveAs(emulator, olivia, northwind);
    const person = await admin().prove(exchange);
    emulator.fault({
      path: '/*/oauth2/v2.0/token',
      times: 1,
      status: 400,
      body: { error: 'unauthorized_client', error_codes: [700016] },
    });
    expect(await admin().verify(person)).toMatchObject({ domain: 'northwind.example' });
  });
});
