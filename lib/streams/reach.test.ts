import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sendToBucket } from './bucket';
import { checkUrl, isPublic } from './reach';
import { sendSyslog } from './syslog';
import { newWebhookSecret, sendWebhook } from './webhook';

beforeAll(() => vi.stubEnv('TENANTRY_MODE', 'production'));
afterAll(() => vi.unstubAllEnvs());
const refused = {
  name: 'DeliveryError',
  message: expect.stringContaining('not on the public internet'),
};

describe('an address', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001:db8::1',
    'ff02::1',
    'localhost',
  ])('%s is not public', (address) => expect(isPublic(address)).toBe(false));

  it.each(['93.184.215.14', '8.8.8.8', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'])(
    '%s is public',
    (address) => expect(isPublic(address)).toBe(true),
  );
});

describe('in production', () => {
  /** Somebody inside who counts who connects. */
  async function inside() {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    return { port, count: () => connections, stop: () => server.close() };
  }

  it.each(['127.0.0.1', 'localhost', '0x7f.1', '2130706433', '[::1]', '[::ffff:127.0.0.1]'])(
    'nothing is connected to at %s',
    async (host) => {
      const { port, count, stop } = await inside();
      const message = { id: 'msg_1', body: '{}' };
      const target = { url: `https://${host}:${port}/`, secret: newWebhookSecret() };
      await expect(sendWebhook(target, message)).rejects.toMatchObject(refused);
      expect(count()).toBe(0);
      stop();
    },
  );

  it('syslog and buckets are held to the same', async () => {
    const { port, count, stop } = await inside();
    await expect(
      sendSyslog({ host: 'localhost', port, authority: '' }, 'x', []),
    ).rejects.toMatchObject(refused);
    const bucket = {
      bucket: 'b',
      region: 'eu-central-1',
      prefix: '',
      accessKeyId: 'a',
      secretAccessKey: 's',
    };
    for (const host of ['localhost', '127.0.0.1']) {
      const endpoint = `https://${host}:${port}`;
      await expect(sendToBucket({ ...bucket, endpoint }, 'x', 'x')).rejects.toMatchObject(refused);
    }
    expect(count()).toBe(0);
    stop();
  });

  it('events travel by https only', () => {
    expect(() => checkUrl('http://siem.example.com/')).toThrow('not https');
    expect(checkUrl('https://siem.example.com/').host).toBe('siem.example.com');
  });
});
