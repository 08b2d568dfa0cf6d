import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadEnv } from '@/lib/env';
import { checkPackages, checkPolicyServed, checkSecretFiles, checkSettings } from '.';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'tenantry-settings-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

describe('checkSettings', () => {
  it('finds demo settings in production, and none in a demo', () => {
    const settings = { APP_URL: 'http://tenantry.test', INNGEST_DEV: '1' };
    const demo = checkSettings(loadEnv(settings), true);
    const production = checkSettings(loadEnv({ ...settings, TENANTRY_MODE: 'production' }), true);
    expect(demo.findings).toEqual([]);
    const where = production.findings.map((finding) => finding.where);
    expect(where).toEqual(expect.arrayContaining(['APP_URL', 'INNGEST_DEV', 'DATABASE_URL']));
  });
});

describe('checkSecretFiles', () => {
  it('finds the files that others may read, and says how to close them', () => {
    const dataDir = folder();
    mkdirSync(join(dataDir, 'keys'));
    const [key, secrets] = [
      join(dataDir, 'keys', 'key-encryption.key'),
      join(dataDir, 'secrets.json'),
    ];
    for (const file of [key, secrets]) writeFileSync(file, 'x', { mode: 0o600 });
    const env = loadEnv({ DATA_DIR: dataDir });
    expect(checkSecretFiles(env)).toMatchObject({ looked: '2 files', findings: [] });
    chmodSync(key, 0o640);
    chmodSync(secrets, 0o604);
    expect(checkSecretFiles(env).findings.map(({ remedy }) => remedy)).toEqual([
      `chmod 600 ${key}`,
      `chmod 600 ${secrets}`,
    ]);
  });
});

describe('checkPackages', () => {
  it('finds what is below its safe version, and what is not there', () => {
    const root = folder();
    const install = (name: string, version: string) => {
      mkdirSync(join(root, 'node_modules', name), { recursive: true });
      const file = join(root, 'node_modules', name, 'package.json');
      writeFileSync(file, JSON.stringify({ version }));
    };
    install('next', '16.4.5');
    install('drizzle-orm', '0.45.4');
    expect(
      checkPackages(root).findings.map(({ where, problem }) => `${where}: ${problem}`),
    ).toEqual([expect.stringContaining('next: 16.4.5 is installed'), 'next-auth: Not installed.']);
  });
});

describe('checkPolicyServed', () => {
  const serve = async (headers: Record<string, string>): Promise<string> => {
    const server = createServer((_request, response) => {
      response.writeHead(200, headers).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('passes a strict policy', async () => {
    const policy =
      "script-src 'nonce-x' 'strict-dynamic'; object-src 'none'; frame-ancestors 'none'";
    const url = await serve({ 'content-security-policy': policy });
    expect((await checkPolicyServed(url)).findings).toEqual([]);
  });

  it('finds that there is none, and that nobody answers', async () => {
    const bare = await checkPolicyServed(await serve({}));
    expect(bare.findings[0]?.problem).toContain('carries no Content-Security-Policy');
    const nobody = await checkPolicyServed('http://127.0.0.1:9');
    expect(nobody.findings[0]?.problem).toContain('does not answer');
  });
});
