import { describe, expect, it } from 'vitest';
import { emulatorConfig, microsoftConfig } from './config';

const none = {
  MICROSOFT_CLIENT_ID: undefined,
  MICROSOFT_CLIENT_SECRET: undefined,
  MICROSOFT_CLIENT_CERTIFICATE: undefined,
  MICROSOFT_EMULATOR_URL: undefined,
};
const client = { ...none, MICROSOFT_CLIENT_ID: 'client', MICROSOFT_CLIENT_SECRET: 'secret' };

describe('the Microsoft client of an installation', () => {
  it('is none without an id, and none without a way to prove it', () => {
    expect(microsoftConfig(none)).toBeNull();
    expect(microsoftConfig({ ...none, MICROSOFT_CLIENT_ID: 'client' })).toBeNull();
    expect(microsoftConfig({ ...none, MICROSOFT_CLIENT_SECRET: 'secret' })).toBeNull();
  });

  it('is at Microsoft with a secret', () => {
    expect(microsoftConfig(client)).toEqual({
      clientId: 'client',
      proof: { kind: 'secret', secret: 'secret' },
      login: 'https://login.microsoftonline.com',
      graph: 'https://graph.microsoft.com/v1.0',
    });
  });

  it('prefers its certificate, whose file is read only when it is used', () => {
    const settings = { ...client, MICROSOFT_CLIENT_CERTIFICATE: '/nowhere/certificate.pem' };
    const proof = microsoftConfig(settings)?.proof;
    expect(proof?.kind).toBe('certificate');
    expect(() => proof?.kind === 'certificate' && proof.read()).toThrow('ENOENT');
  });

  it('is the emulator’s own where there is only an emulator', () => {
    const url = 'http://localhost:4001';
    expect(microsoftConfig({ ...none, MICROSOFT_EMULATOR_URL: url })).toEqual(emulatorConfig(url));
    expect(microsoftConfig({ ...client, MICROSOFT_EMULATOR_URL: `${url}/` })).toMatchObject({
      clientId: 'client',
      login: url,
      graph: `${url}/v1.0`,
    });
  });
});
