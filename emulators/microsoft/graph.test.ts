import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Emulator, startEmulator } from '../index';
import { RawClient, tids } from './testing';

const olivia = 'olivia@northwind.example';
const victor = 'victor@northwind.example';
const omar = 'omar@fabrikam.example';
const everything =
  'openid profile offline_access User.Read Mail.ReadWrite Mail.Send MailboxSettings.ReadWrite ' +
  'Calendars.ReadWrite Files.Read Team.ReadBasic.All Channel.ReadBasic.All ChannelMessage.Send';

let emulator: Emulator;
let client: RawClient;
let person: string;
let app: string;
beforeAll(async () => {
  emulator = await startEmulator('microsoft', { seed: { people: { 'fabrikam.example': 250 } } });
  client = new RawClient(emulator.url);
  person = (await client.signIn(olivia, everything)).access_token;
  await client.adminConsent({ email: olivia });
  app = (await client.appToken(tids.northwind)).body.access_token;
});
afterEach(() => void vi.useRealTimers());
afterAll(() => emulator.close());

/** Every row of a listing, over all its pages. */
async function all(token: string, path: string) {
  const rows = [];
  let answer = await client.graph(token, path);
  rows.push(...answer.body.value);
  while (answer.body['@odata.nextLink']) {
    answer = await client.graph(token, answer.body['@odata.nextLink']);
    rows.push(...answer.body.value);
  }
  return { rows, deltaLink: answer.body['@odata.deltaLink'] ?? '' };
}

describe('who may ask', () => {
  it.each([
    ['a token nobody issued', () => 'x.y.z', '/me', 401, 'InvalidAuthenticationToken'],
    ['an app, for itself', () => app, '/me', 400, 'BadRequest'],
    [
      'a person, for another’s mail',
      () => person,
      `/users/${victor}/messages`,
      403,
      'ErrorAccessDenied',
    ],
    ['a person, for everybody', () => person, '/users', 403, 'Authorization_RequestDenied'],
    ['an app, for another directory', () => app, `/users/${omar}`, 404, 'Request_ResourceNotFound'],
    [
      'an app, for mail of another directory',
      () => app,
      `/users/${omar}/messages`,
      404,
      'Request_ResourceNotFound',
    ],
    [
      'an app, for somebody without a mailbox',
      () => app,
      '/users/scanner@northwind.example/messages',
      404,
      'MailboxNotEnabledForRESTAPI',
    ],
    [
      'an app, for groups it was not given',
      () => app,
      '/groups',
      403,
      'Authorization_RequestDenied',
    ],
    ['a person, for all sites', () => person, '/sites/getAllSites', 403, 'accessDenied'],
    ['anybody, for what is not emulated', () => person, '/nothing/here', 400, 'BadRequest'],
  ])('%s: refused', async (_who, token, path, status, code) => {
    const answer = await client.graph(token(), path);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  it('a token that ran out is told so', async () => {
    const { access_token } = await client.signIn(victor);
    emulator.expire(victor);
    const { status, headers, body } = await client.graph(access_token, '/me');
    expect([status, body.error.code]).toEqual([401, 'InvalidAuthenticationToken']);
    expect(headers.get('www-authenticate')).toContain('error="invalid_token"');
  });
});

describe('the directory', () => {
  it('is paged without losing or repeating anybody', async () => {
    await client.adminConsent({ email: omar });
    const token = (await client.appToken(tids.fabrikam)).body.access_token;
    const { rows } = await all(token, '/users?$top=60&$select=id,mail');
    expect(new Set(rows.map(({ id }) => id)).size).toBe(250);
    expect(Object.keys(rows[0] ?? {}).sort()).toEqual(['id', 'mail']);
  });

  it('tells an app that may know it who is an administrator', async () => {
    const path = `/users/${olivia}/transitiveMemberOf/microsoft.graph.directoryRole`;
    const { body } = await client.graph(app, path);
    expect(body.value).toMatchObject([{ roleTemplateId: '62e90394-69f5-4237-9190-012177145e10' }]);
    const limited = await client.graph(
      person,
      '/me/transitiveMemberOf/microsoft.graph.directoryRole',
    );
    expect(limited.body.value).toMatchObject([{ roleTemplateId: null }]);
  });

  it('gives what changed, until the link has run out', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { rows, deltaLink } = await all(app, '/users/delta?$select=displayName');
    expect(rows.map(({ displayName }) => displayName)).toContain('Olivia Marsh');
    expect((await all(app, deltaLink)).rows).toEqual([]);
    await fetch(`${emulator.url}/__users`, {
      method: 'POST',
      body: JSON.stringify({ account: victor, displayName: 'Victor Hale-Marsh' }),
    });
    const changed = await all(app, deltaLink);
    expect(changed.rows).toMatchObject([{ displayName: 'Victor Hale-Marsh' }]);
    await emulator.act('expire_deltas', tids.northwind);
    const expired = await client.graph(app, deltaLink);
    expect([expired.status, expired.body.error.code]).toEqual([410, 'syncStateNotFound']);
    expect(expired.headers.get('location')).not.toContain('$deltatoken');
    const again = await all(app, '/users/delta?$select=displayName');
    expect((await all(app, again.deltaLink)).rows).toEqual([]);
  });
});

describe('mail', () => {
  it('is searched, filtered and ordered, and never in ways that Graph refuses', async () => {
    const newest = await client.graph(person, '/me/messages?$select=receivedDateTime&$top=5');
    const times = newest.body.value.map(({ receivedDateTime }) => String(receivedDateTime));
    expect(times).toEqual([...times].sort().reverse());
    const found = await client.graph(person, '/me/messages?$search="subject:invoice"&$top=5');
    for (const { subject } of found.body.value) expect(String(subject)).toMatch(/invoice/i);
    const both = await client.graph(
      person,
      '/me/messages?$search="x"&$orderby=receivedDateTime desc',
    );
    expect([both.status, both.body.error.code]).toEqual([400, 'SearchWithOrderBy']);
    const unquoted = await client.graph(person, '/me/messages?$search=from:x');
    expect(unquoted.status).toBe(400);
  });

  it('is categorised and moved, and its folder’s delta says so', async () => {
    const inbox = await client.graph(person, '/me/mailFolders/inbox');
    const before = await all(person, '/me/mailFolders/inbox/messages/delta?$select=subject');
    const id = before.rows[0]?.id ?? '';
    const patched = await client.graph(person, `/me/messages/${id}`, {
      method: 'PATCH',
      body: { categories: ['Red category'] },
    });
    expect(patched.body).toMatchObject({ id, parentFolderId: inbox.body.id });
    const moved = await client.graph(person, `/me/messages/${id}/move`, {
      method: 'POST',
      body: { destinationId: 'archive' },
    });
    expect(moved.status).toBe(201);
    const now = await client.graph(person, `/me/messages/${id}?$select=categories,parentFolderId`);
    expect(now.body).toMatchObject({ categories: ['Red category'] });
    expect(now.body.parentFolderId).not.toBe(inbox.body.id);
  });

  it('that is sent lies among the sent ones, is found by its id, and arrives', async () => {
    const messageId = '<sent-once@tenantry.example>';
    const sent = await client.graph(person, '/me/sendMail', {
      method: 'POST',
      body: {
        message: {
          subject: 'Hello',
          body: { contentType: 'text', content: 'Hello Victor' },
          toRecipients: [{ emailAddress: { address: victor } }],
          internetMessageId: messageId,
        },
      },
    });
    expect([sent.status, sent.body]).toEqual([202, {}]);
    const query = `$filter=internetMessageId eq '${messageId}'&$select=id,isDraft`;
    const own = await client.graph(person, `/me/messages?${query}`);
    expect(own.body.value).toMatchObject([{ isDraft: false }]);
    const arrived = await client.graph(app, `/users/${victor}/mailFolders/inbox/messages?${query}`);
    expect(arrived.body.value).toHaveLength(1);
  });

  it('can be written first and sent afterwards', async () => {
    const draft = await client.graph(person, '/me/messages', {
      method: 'POST',
      body: { subject: 'Draft', toRecipients: [{ emailAddress: { address: victor } }] },
    });
    expect(draft.body).toMatchObject({ isDraft: true });
    const path = `/me/messages/${draft.body.id}`;
    expect((await client.graph(person, `${path}/send`, { method: 'POST' })).status).toBe(202);
    expect((await client.graph(person, path)).body).toMatchObject({ isDraft: false });
  });

  it('has one category of a name', async () => {
    const body = { displayName: 'Tenantry', color: 'preset0' };
    const make = () =>
      client.graph(person, '/me/outlook/masterCategories', { method: 'POST', body });
    expect((await make()).status).toBe(201);
    expect((await make()).status).toBe(409);
  });
});

describe('calendars', () => {
  const event = {
    subject: 'Stock take',
    start: { dateTime: '2026-07-01T09:00:00', timeZone: 'Europe/London' },
    end: { dateTime: '2026-07-01T10:00:00', timeZone: 'Europe/London' },
    transactionId: '9c1f0d0a-stock-take',
  };

  it('take an event once, however often it is sent, and show it in any zone', async () => {
    const make = () => client.graph(person, '/me/events', { method: 'POST', body: event });
    const [first, second] = [await make(), await make()];
    expect([first.status, second.body.id]).toEqual([201, first.body.id]);
    const day = 'startDateTime=2026-07-01T00:00:00Z&endDateTime=2026-07-02T00:00:00Z';
    const { body } = await client.graph(person, `/me/calendarView?${day}&$top=50`);
    const shown = body.value.filter(({ subject }) => subject === 'Stock take');
    expect(shown).toMatchObject([{ start: { dateTime: '2026-07-01T08:00:00.0000000' } }]);
  });

  it('refuse a view without its bounds, and a zone that is none', async () => {
    expect((await client.graph(person, '/me/calendarView')).status).toBe(400);
    const start = { ...event.start, timeZone: 'Nowhere/At all' };
    const answer = await client.graph(person, '/me/events', {
      method: 'POST',
      body: { ...event, transactionId: 'other', start },
    });
    expect(answer.body.error.code).toBe('TimeZoneNotSupportedException');
  });
});

describe('drives and sites', () => {
  it('list what is in a drive once, and who it is shared with', async () => {
    const { rows, deltaLink } = await all(person, '/me/drive/root/delta?$top=15');
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(30);
    expect((await all(person, deltaLink)).rows).toEqual([]);
    const shared = rows.find((row) => row.shared);
    const { body } = await client.graph(person, `/me/drive/items/${shared?.id}/permissions`);
    expect(body.value.length).toBeGreaterThan(0);
  });

  it('are open to the app, with every library', async () => {
    const { rows } = await all(app, '/sites?search=*');
    expect(rows.length).toBe(4);
    const { body } = await client.graph(app, `/sites/${rows[0]?.id}/drives`);
    expect(body.value).toMatchObject([{ driveType: 'documentLibrary' }]);
    expect((await client.graph(app, `/drives/${body.value[0]?.id}/root/delta`)).status).toBe(200);
  });

  it('say 410 to a delta link that ran out', async () => {
    const { deltaLink } = await all(person, '/me/drive/root/delta');
    await emulator.act('expire_deltas', tids.northwind);
    const { status, body } = await client.graph(person, deltaLink);
    expect([status, body.error.code]).toEqual([410, 'resyncChangesApplyDifferences']);
  });
});

describe('channels', () => {
  async function channelPath(token: string): Promise<string> {
    const teams = await client.graph(person, '/me/joinedTeams');
    const team = teams.body.value[0]?.id ?? '';
    const channels = await client.graph(token, `/teams/${team}/channels`);
    return `/teams/${team}/channels/${channels.body.value[0]?.id}/messages`;
  }
  const body = { body: { contentType: 'html', content: '<p>Hello</p>' } };

  it('take a message from a person', async () => {
    const answer = await client.graph(person, await channelPath(person), { method: 'POST', body });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ body: { content: '<p>Hello</p>' } });
  });

  it('take none from an app', async () => {
    const answer = await client.graph(app, await channelPath(app), { method: 'POST', body });
    expect([answer.status, answer.body.error.code]).toEqual([403, 'Forbidden']);
    expect(answer.body.error.message).toContain("'Teamwork.Migrate.All'");
  });
});
