import { createServer, type Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort, portInUse } from './ports';

function listen(host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen({ host, port, exclusive: true }, () => resolve(server));
    onTestFinished(() => void server.close());
  });
}

describe('a free port', () => {
  it('is none that an outgoing connection may be given meanwhile', async () => {
    for (let times = 0; times < 20; times += 1) {
      const port = await freePort();
      expect(port).toBeGreaterThanOrEqual(20_000);
      expect(port).toBeLessThan(32_768);
    }
  });

  it('is none that is spoken for', async () => {
    const few = (port: number) => port % 8 === 0;
    const spokenFor = Array.from({ length: 12_768 }, (_, at) => 20_000 + at);
    const except = new Set(spokenFor.filter((port) => !few(port)));
    for (let times = 0; times < 5; times += 1) expect(few(await freePort(except))).toBe(true);
  });

  it('can be listened on, and is in use from then on', async () => {
    const port = await freePort();
    await listen('127.0.0.1', port);
    expect(await portInUse(port)).toBe(true);
  });
});
