import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '@/emulators';
import { discovered, resourceBatches } from '@/emulators/testing';
import { changePerson, connectOrganization, delegateTo } from '@/emulators/testing/google';
import type { DiscoveryProgress } from '../contract';
import { delegationScopes } from './scopes';

const domain = 'northwind.example';
const olivia = `olivia@${domain}`;
const victor = `victor@${domain}`;
const priya = `priya@${domain}`;
const tom = `tom@${domain}`;
const everything = delegationScopes.map(({ scope }) => scope);

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({
    seed: { crowd: { 'fabrikam.example': 620, 'tailspin.example': 20 } },
  });
});
afterEach(async () => {
  emulator.clearFaults();
  emulator.clearRequests();
  await delegateTo(emulator, domain, everything);
});
afterAll(() => emulator.close());

const organization = async () => (await connectOrganization(emulator, olivia)).client;

describe('a discovery of an organisation', () => {
  it('finds its people, with who is an administrator and who is suspended', async () => {
    const found = await discovered(await organization(), { only: ['people'] });
    const facts = found.map(({ name, attributes }) => [
      name,
      attributes.email,
      attributes.administrator,
      attributes.suspended,
    ]);
    expect(facts).toEqual([
      ['Olivia Marsh', olivia, true, false],
      ['Priya Nair', priya, false, false],
      ['Tom Becker', tom, false, true],
      ['Victor Hale', victor, false, false],
    ]);
  });

  it('finds each mailbox with labels of its own, and passes over who has none', async () => {
    const found = await discovered(await organization(), { only: ['mailbox'] });
    const boxes = found.filter(({ kind }) => kind === 'mailbox').map((one) => one.providerId);
    expect(boxes).toEqual([olivia, victor]);
    const inboxes = found.filter((one) => one.attributes.label === 'INBOX');
    expect(inboxes.map((one) => [one.providerId, one.parentProviderId])).toEqual([
      [`${olivia}/INBOX`, olivia],
      [`${victor}/INBOX`, victor],
    ]);
  });

  it('finds shared drives as the administrator, and everybody’s own', async () => {
    const found = await discovered(await organization(), { only: ['drives'] });
    expect(found.map(({ name, attributes }) => [name, attributes.type, attributes.owner])).toEqual([
      ['Northwind Traders shared', 'shared', undefined],
      ['My Drive', 'personal', olivia],
      ['My Drive', 'personal', priya],
      ['My Drive', 'personal', victor],
    ]);
  });

  it('leaves shared drives out where that was not allowed', async () => {
    await delegateTo(emulator, domain, everything.slice(0, -1));
    const found = await discovered(await organization(), { only: ['drives'] });
    expect(found.every(({ attributes }) => attributes.type === 'personal')).toBe(true);
    expect(emulator.requests({ path: '/drive/v3/drives' })).toEqual([]);
  });

  it('finds each calendar once, with its owner', async () => {
    const found = await discovered(await organization(), { only: ['calendars'] });
    expect(found.map(({ name, attributes }) => [name, attributes.owner])).toEqual([
      [olivia, olivia],
      ['Northwind Traders team', olivia],
      [priya, priya],
      [victor, victor],
    ]);
  });

  it('goes on when somebody leaves while it runs', async () => {
    const client = await organization();
    await changePerson(emulator, victor, { suspended: true });
    emulator.fault({
      path: '/admin/directory/v1/users',
      body: { users: [olivia, victor].map((primaryEmail) => ({ id: primaryEmail, primaryEmail })) },
    });
    const found = await discovered(client, { only: ['mailbox'] });
    expect(found.filter(({ kind }) => kind === 'mailbox')).toHaveLength(1);
    await changePerson(emulator, victor, { suspended: false });
  });

  it('passes over who has no such service, and what the policy forbids one person', async () => {
    const client = await organization();
    const errors = [{ domain: 'global', reason: 'domainPolicy' }];
    const body = { error: { code: 403, message: 'Drive is off', errors } };
    emulator.fault({ path: '/drive/v3/files/root', account: victor, status: 403, body });
    const found = await discovered(client, { only: ['drives'] });
    expect(found.map(({ attributes }) => attributes.owner)).toEqual([undefined, olivia, priya]);
  });

  it('ends where the whole delegation is gone', async () => {
    const client = await organization();
    await delegateTo(emulator, domain, []);
    await expect(discovered(client, { only: ['mailbox'] })).rejects.toMatchObject({
      kind: 'needs_reconsent',
    });
  });

  it('ends where the administrator is one no longer', async () => {
    const client = await organization();
    await changePerson(emulator, olivia, { admin: false });
    await expect(discovered(client, { only: ['people'] })).rejects.toMatchObject({
      kind: 'needs_reconsent',
      publicMessage: expect.stringContaining('administrator'),
    });
    await changePerson(emulator, olivia, { admin: true });
  });

  it('says which switch is off in the organisation’s own project', async () => {
    const client = await organization();
    const errors = [{ domain: 'usageLimits', reason: 'accessNotConfigured' }];
    const body = { error: { code: 403, message: 'off', errors, status: 'PERMISSION_DENIED' } };
    emulator.fault({ path: '/gmail/*', status: 403, body });
    await expect(discovered(client, { only: ['mailbox'] })).rejects.toMatchObject({
      kind: 'needs_reconsent',
      publicMessage: expect.stringContaining('Admin SDK'),
    });
  });

  it('pages through hundreds of people, each once', async () => {
    const { client } = await connectOrganization(emulator, 'omar@fabrikam.example');
    emulator.clearRequests();
    const sizes: number[] = [];
    const ids = new Set<string>();
    for await (const batch of resourceBatches(client, { only: ['people'] })) {
      sizes.push(batch.length);
      for (const { providerId } of batch) ids.add(providerId);
    }
    expect(sizes).toEqual([500, 124]);
    expect(ids.size).toBe(624);
    expect(emulator.requests({ path: '/admin/directory/v1/users' })).toHaveLength(2);
  });

  it('asks about a few people at a time, and reports how far it is', async () => {
    const { client } = await connectOrganization(emulator, 'mika@tailspin.example');
    const reports: DiscoveryProgress[] = [];
    const sizes: number[] = [];
    const options = { report: (one: DiscoveryProgress) => void reports.push(one) };
    for await (const batch of resourceBatches(client, { ...options, only: ['calendars'] })) {
      sizes.push(batch.length);
    }
    // Three of the demo and twenty more, a calendar each, and the team's.
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(24);
    expect(Math.max(...sizes)).toBeLessThan(10);
    expect(reports.at(-1)).toEqual({ phase: 'calendars', found: 24, total: 24, done: true });
  });
});

describe('one person of it', () => {
  it('is acted for with a token of their own', async () => {
    const client = await organization();
    const label = await client.person?.(victor).mail?.ensureLabel('For Victor');
    expect(label).toMatchObject({ created: true });
    expect(await client.person?.(olivia).mail?.findLabel('For Victor')).toBeNull();
    expect(client.mail).toBeNull();
  });

  it('without the service is told so, and the connection stays', async () => {
    const client = await organization();
    await expect(client.person?.(priya).mail?.findLabel('x')).rejects.toMatchObject({
      kind: 'invalid_request',
    });
  });

  it('who is refused by Google is out of reach, and the connection stays', async () => {
    const client = await organization();
    emulator.fault({ path: '/gmail/*', account: victor, status: 401, body: {} });
    await expect(client.person?.(victor).mail?.findLabel('x')).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });
});
