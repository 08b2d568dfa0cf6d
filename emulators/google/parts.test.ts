import { describe, expect, it } from 'vitest';
import { compileFileQuery } from './drive-query';
import { Refused } from './errors';
import { partial } from './fields';
import { compileQuery } from './gmail-query';
import { addressesIn, parseMime } from './mime';
import { ordered, page } from './paging';
import type { DriveFile, Message } from './state';

const now = Date.parse('2026-11-21T12:00:00Z');

describe('a Gmail search', () => {
  const message: Message = {
    id: 'a',
    threadId: 'a',
    labelIds: ['INBOX', 'UNREAD', 'CATEGORY_PROMOTIONS', 'Label_1'],
    receivedAt: Date.parse('2026-11-10T08:00:00Z'),
    headers: [
      ['From', 'Packet <hello@packet.example>'],
      ['To', 'olivia@northwind.example'],
      ['Subject', 'The week in shipping'],
      ['Message-ID', '<One@packet.example>'],
      ['List-ID', '<news.packet.example>'],
    ],
    text: 'Five things that moved.',
    attachments: [{ id: 'x', filename: 'Rates.pdf', mimeType: 'application/pdf', data: '' }],
  };
  const labels = [
    { id: 'INBOX', name: 'INBOX', type: 'system' as const },
    { id: 'Label_1', name: 'To read/Later', type: 'user' as const },
  ];

  it.each([
    ['', true],
    ['from:packet', true],
    ['from:"hello@packet.example"', true],
    ['to:victor', false],
    ['subject:shipping is:unread', true],
    ['is:read', false],
    ['-is:unread', false],
    ['in:inbox', true],
    ['in:sent', false],
    ['category:promotions', true],
    ['category:primary', false],
    ['label:to-read-later', true],
    ['label:INBOX', true],
    ['label:elsewhere', false],
    ['has:attachment filename:pdf', true],
    ['filename:docx', false],
    ['newer_than:30d', true],
    ['newer_than:3d', false],
    ['older_than:3d', true],
    ['after:2026/11/01 before:2026/11/15', true],
    ['after:2026/11/15', false],
    [`after:${Date.parse('2026-11-10T07:00:00Z') / 1_000}`, true],
    ['rfc822msgid:One@packet.example', true],
    ['rfc822msgid:<one@packet.example>', true],
    ['list:news.packet.example', true],
    ['moved', true],
    ['mov', false],
    ['"things that moved"', true],
    ['"things moved"', false],
    ['from:nobody OR from:packet', true],
    ['from:nobody OR to:nobody', false],
    ['{from:nobody from:packet}', true],
    ['(from:nobody OR from:packet) is:read', false],
    ['-(from:nobody OR is:read)', true],
    ['-from:nobody subject:week', true],
  ])('%s → %s', (query, expected) => {
    expect(compileQuery(query)(message, { labels, now })).toBe(expected);
  });
});

describe('a Drive search', () => {
  const me = 'olivia@northwind.example';
  const file: DriveFile = {
    id: 'f',
    name: "Price list – tom's",
    mimeType: 'application/pdf',
    parents: ['root-id'],
    size: 5,
    createdAt: now,
    modifiedAt: now,
    trashed: false,
    owner: me,
    driveId: null,
    permissions: [
      { id: '1', type: 'user', role: 'owner', emailAddress: me },
      { id: 'anyoneWithLink', type: 'anyone', role: 'reader' },
    ],
  };

  it.each([
    ['', true],
    ['trashed = false', true],
    ["trashed=false and 'me' in owners", true],
    ["'victor@northwind.example' in readers", false],
    ["'root' in parents", true],
    ["'elsewhere' in parents", false],
    ["name contains 'PRICE'", true],
    ["name = 'price list – tom\\'s'", true],
    ["mimeType != 'application/vnd.google-apps.folder'", true],
    ["mimeType contains 'image/'", false],
    ["visibility = 'anyoneWithLink'", true],
    ["visibility != 'limited' and not trashed = true", true],
    ["modifiedTime > '2026-01-01T00:00:00'", true],
    ["(name contains 'x' or name contains 'list') and trashed = false", true],
    ['sharedWithMe', false],
  ])('%s → %s', (query, expected) => {
    expect(compileFileQuery(query, me, 'root-id')(file)).toBe(expected);
  });

  it.each(['trashed', 'colour = 1', "name ~ 'x'", '(trashed = false', 'trashed = false extra'])(
    '%s is refused',
    (query) => {
      expect(() => compileFileQuery(query, me, 'root-id')(file)).toThrow(Refused);
    },
  );
});

describe('the fields parameter', () => {
  const answer = { a: 1, b: { c: 2, d: 3 }, list: [{ x: 1, y: { z: 2, w: 3 } }], next: 't' };

  it.each([
    ['a', { a: 1 }],
    ['a,b/c', { a: 1, b: { c: 2 } }],
    ['b(c,d)', { b: { c: 2, d: 3 } }],
    ['next, list(x, y/z)', { next: 't', list: [{ x: 1, y: { z: 2 } }] }],
    ['list/*/w', { list: [{ x: 1, y: { w: 3 } }] }],
    ['*', answer],
    ['missing', {}],
  ])('%s picks what it names', (fields, expected) => {
    expect(partial(answer, fields)).toEqual(expected);
  });

  it.each(['a,', 'b(c', 'b)c', '-'])('%s is refused', (fields) => {
    expect(() => partial(answer, fields)).toThrow(Refused);
  });
});

describe('paging', () => {
  const key = (row: string) => row;
  const rows = ordered(['d', 'a', 'c', 'b', 'e'], key);

  it('goes through all rows in order, once', () => {
    const first = page(rows, key, 2, null, 'q');
    const second = page(rows, key, 2, first.nextPageToken ?? null, 'q');
    const third = page(rows, key, 2, second.nextPageToken ?? null, 'q');
    expect([first, second, third].map((one) => one.rows)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(third.nextPageToken).toBeUndefined();
  });

  it('neither repeats nor skips when rows leave meanwhile', () => {
    const first = page(rows, key, 2, null, 'q');
    const left = rows.filter((row) => row !== 'a' && row !== 'b');
    expect(page(left, key, 2, first.nextPageToken ?? null, 'q').rows).toEqual(['c', 'd']);
  });

  it('refuses a token of another question, and one that is none', () => {
    const token = page(rows, key, 2, null, 'q').nextPageToken ?? null;
    expect(() => page(rows, key, 2, token, 'other')).toThrow(Refused);
    expect(() => page(rows, key, 2, 'nonsense', 'q')).toThrow(Refused);
  });
});

describe('a MIME message', () => {
  it('is taken apart: encoded words, folded headers, nested parts', () => {
    const raw = [
      'From: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= <a@example.com>',
      'Subject: =?UTF-8?B?w5xiZXI=?= =?UTF-8?B?YmxpY2s=?=',
      'To: b@example.com,',
      ' "C, D" <c@example.com>',
      'Content-Type: multipart/mixed; boundary="outer"',
      '',
      '--outer',
      'Content-Type: multipart/alternative; boundary=inner',
      '',
      '--inner',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'sch=C3=B6n und la=',
      'ng',
      '--inner',
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('<p>schön</p>').toString('base64'),
      '--inner--',
      '--outer',
      'Content-Type: text/csv; name=a.csv',
      'Content-Disposition: attachment; filename=a.csv',
      '',
      'x,y',
      '--outer--',
      '',
    ].join('\r\n');
    const parsed = parseMime(Buffer.from(raw));
    expect(parsed.text.trim()).toBe('schön und lang');
    expect(parsed.html).toBe('<p>schön</p>');
    expect(parsed.headers).toContainEqual(['Subject', 'Überblick']);
    expect(parsed.headers).toContainEqual(['From', 'Grüße <a@example.com>']);
    expect(parsed.attachments).toMatchObject([{ filename: 'a.csv', mimeType: 'text/csv' }]);
    const to = parsed.headers.find(([name]) => name === 'To')?.[1] ?? '';
    expect(addressesIn(to)).toEqual(['b@example.com', 'c@example.com']);
  });

  it('that is none is refused', () => {
    expect(() => parseMime(Buffer.from('just words'))).toThrow(Refused);
  });
});
