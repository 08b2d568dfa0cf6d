import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../index';
import { RawClient, tids } from '../microsoft/testing';

const olivia = 'olivia@northwind.example';

let emulator: Emulator;
let client: RawClient;
beforeAll(async () => {
  emulator = await startEmulator('microsoft');
  client = new RawClient(emulator.url);
});
beforeEach(() => emulator.clearFaults());
afterAll(() => emulator.close());

const page = async () => (await fetch(`${emulator.url}/__`)).text();

/** Press a button of the page. */
const press = (fields: Record<string, string>, origin = emulator.url) =>
  fetch(`${emulator.url}/__do`, {
    method: 'POST',
    headers: { origin },
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });

describe('the fault page', () => {
  it('shows who let the app in, what they granted, and the latest requests', async () => {
    const { access_token } = await client.signIn(olivia, 'openid User.Read Mail.Read');
    await client.graph(access_token, '/me');
    const html = await page();
    expect(html).toContain('<h3>Olivia Marsh</h3>');
    expect(html).toContain('<code>Mail.Read</code>');
    expect(html).toContain('GET /v1.0/me');
    expect(html).not.toContain(access_token);
  });

  it('sets a fault for one account, says how often it struck, and clears it', async () => {
    const { access_token } = await client.signIn(olivia);
    const pressed = await press({ preset: 'unavailable', account: olivia, times: '' });
    expect([pressed.status, pressed.headers.get('location')]).toEqual([303, '/__']);
    expect((await client.graph(access_token, '/me')).status).toBe(503);
    expect(await page()).toContain('Strikes: 1');
    await press({ clear: 'faults' });
    expect((await client.graph(access_token, '/me')).status).toBe(200);
  });

  it('takes a consent back', async () => {
    await client.adminConsent({ email: olivia });
    await press({ action: 'remove_permission', account: tids.northwind, permission: 'Mail.Send' });
    await press({ action: 'revoke', account: tids.northwind });
    expect((await client.appToken(tids.northwind)).body.error_codes).toEqual([700016]);
  });

  it('obeys no other page, and is shown in none', async () => {
    expect((await press({ preset: 'reset' }, 'http://attacker.example')).status).toBe(403);
    const policy = (await fetch(`${emulator.url}/__`)).headers.get('content-security-policy');
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it('says what it cannot do', async () => {
    expect((await press({ preset: 'earthquake' })).status).toBe(400);
    expect((await press({ action: 'revoke', account: 'nobody@nowhere.example' })).status).toBe(400);
  });
});
