import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AuditStreamId, newId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { recordAudit } from '@/lib/audit';
import { testMember } from '@/lib/connections/testing';
import { type BucketServer, startBucketServer } from '@/lib/objects/testing/bucket-server';
import { sealRecord } from '@/lib/record';
import type { MemberContext } from '@/lib/tenancy';
import { holdTestKey } from '@/lib/vault/testing';
import { createStream, listStreams, pauseStream, removeStream, resumeStream, testStream } from '.';
import type { NewStream } from './contract';
import { deliverStream, pauseAfter } from './deliver';
import { lookForEvents } from './look';
import { testCertificate } from './testing/certificate';
import {
  type SyslogReceiver,
  startSyslogReceiver,
  startWebhookReceiver,
  type WebhookReceiver,
} from './testing/receivers';

const database = testDatabase();
let webhook: WebhookReceiver;
let syslog: SyslogReceiver;
let bucket: BucketServer;
let context: MemberContext;

beforeAll(async () => {
  holdTestKey();
  [webhook, syslog, bucket] = await Promise.all([
    startWebhookReceiver(),
    startSyslogReceiver(),
    startBucketServer(),
  ]);
});
afterAll(() => Promise.all([webhook.stop(), syslog.stop(), bucket.stop()]));
beforeEach(async () => {
  webhook.received.length = 0;
  webhook.answer = { status: 204 };
  context = await testMember(database);
});

const happen = async (...names: string[]) => {
  for (const name of names) {
    await withTenant(context, (tx) =>
      recordAudit(tx, context, {
        action: 'automation.created',
        target: { type: 'automation', id: newId(), name },
      }),
    );
  }
  await sealRecord();
};
const toWebhook = (from: 'start' | 'now' = 'start') =>
  createStream(context, { kind: 'webhook', name: 'SIEM', url: webhook.url, from });
const only = async () => (await listStreams(context))[0];
const actions = async () =>
  (
    await database.owner.query<{ action: string }>(
      "select action from audit_events where tenant_id = $1 and action like 'stream.%' order by id",
      [context.tenantId],
    )
  ).rows.map(({ action }) => action);

interface Sent {
  readonly type: string;
  readonly data: { readonly events: readonly unknown[] };
}
/** Names of what happened, in the order in which it arrived. */
const arrived = () =>
  webhook.received.flatMap(({ body }) =>
    (JSON.parse(body) as Sent).data.events.map((event) => JSON.stringify(event)),
  );
const named = (names: readonly string[]) =>
  names.map((name) => expect.stringContaining(`"${name}"`));

describe('a webhook', () => {
  it('is sent what happened, in its order, signed by the secret that was shown once', async () => {
    const { id, signingSecret } = await toWebhook('now');
    await happen('one', 'two', 'three');
    await deliverStream(context, id);
    expect(arrived().slice(-3)).toEqual(named(['one', 'two', 'three']));
    for (const { body, headers } of webhook.received) {
      new Webhook(signingSecret ?? '').verify(body, headers as Record<string, string>);
    }
    expect(await only()).toMatchObject({ waiting: 0, failure: null });
    const { rows } = await database.owner.query(
      'select settings::text, sealed_secret from audit_streams where id = $1',
      [id],
    );
    expect(JSON.stringify(rows)).not.toContain(signingSecret?.slice(6));
  });

  it('is sent again what did not arrive, with the same id, and then goes on', async () => {
    const { id } = await toWebhook();
    await happen('one');
    webhook.answer = { status: 503 };
    await deliverStream(context, id);
    expect(await only()).toMatchObject({ failures: 1, failure: 'It answered 503.' });
    webhook.answer = { status: 200 };
    await deliverStream(context, id);
    const [first, second] = webhook.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(await only()).toMatchObject({ failures: 0, failure: null, waiting: 0 });
  });

  it('follows no redirects', async () => {
    const { id } = await toWebhook();
    await happen('one');
    webhook.answer = { status: 307, location: webhook.url };
    await deliverStream(context, id);
    expect(webhook.received).toHaveLength(1);
    expect((await only())?.failure).toContain('we follow no redirects');
  });

  it('that goes on failing is put on record and told to owners once, and its mending too', async () => {
    const { id } = await toWebhook();
    await happen('one');
    webhook.answer = { status: 500 };
    for (let at = 0; at < 5; at += 1) await deliverStream(context, id);
    webhook.answer = { status: 200 };
    await deliverStream(context, id);
    expect(await actions()).toEqual(['stream.created', 'stream.failing', 'stream.recovered']);
    const { rows } = await database.owner.query(
      'select subject from mails where tenant_id = $1 order by id',
      [context.tenantId],
    );
    expect(rows.map(({ subject }) => subject)).toEqual([
      'Audit events do not arrive: SIEM',
      'Audit events arrive again: SIEM',
    ]);
  });
});

describe('syslog', () => {
  it('is sent a message for each event, over TLS that it trusts', async () => {
    const { id } = await createStream(context, {
      kind: 'syslog',
      name: 'Collector',
      host: 'localhost',
      port: syslog.port,
      authority: testCertificate.trim(),
      from: 'now',
    });
    await happen('öne', 'two');
    await deliverStream(context, id);
    expect(await only()).toMatchObject({ failure: null, waiting: 0 });
    const header = new RegExp(
      `^<110>1 \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z ${context.tenantId} tenantry - automation.created \\[meta sequenceId="\\d+"\\] \\ufeff\\{`,
    );
    const [one, two] = syslog.messages.slice(-2);
    for (const message of [one, two]) expect(message).toMatch(header);
    expect([one, two]).toEqual(named(['öne', 'two']));
  });

  it('with a certificate that nobody signed is not sent a word', async () => {
    const before = syslog.messages.length;
    const { id } = await createStream(context, {
      kind: 'syslog',
      name: 'Collector',
      host: 'localhost',
      port: syslog.port,
      authority: '',
      from: 'start',
    });
    await happen('one');
    await deliverStream(context, id);
    expect((await only())?.failure).toBe('Its certificate is signed by nobody we trust.');
    expect(syslog.messages).toHaveLength(before);
  });
});

describe('a bucket', () => {
  const asked = (): NewStream => ({
    kind: 'bucket',
    name: 'Archive',
    bucket: 'logs',
    region: 'eu-central-1',
    prefix: 'acme',
    endpoint: bucket.endpoint,
    accessKey: bucket.accessKeyId,
    secretAccessKey: bucket.secretAccessKey,
    from: 'now',
  });

  it('gets files of JSON lines', async () => {
    const { id } = await createStream(context, asked());
    await happen('one', 'two');
    await deliverStream(context, id);
    expect(await only()).toMatchObject({ failure: null, waiting: 0 });
    const [[key, file] = []] = [...bucket.objects];
    expect(key).toMatch(/^logs\/acme\/audit\/\d{4}\/\d\d\/\d\d\/\d{12}-\d{12}\.jsonl$/);
    const lines = file?.body.toString().trim().split('\n') ?? [];
    expect(lines.slice(-2)).toEqual(named(['one', 'two']));
  });

  it('that does not let us in is told from one that is not there', async () => {
    const { id } = await createStream(context, {
      ...asked(),
      secretAccessKey: 'wrong',
    } as NewStream);
    await happen('one');
    await deliverStream(context, id);
    expect((await only())?.failure).toBe('It refuses it (SignatureDoesNotMatch, HTTP 403).');
  });
});

describe('a stream', () => {
  it('that is paused sends nothing, and then everything that waited', async () => {
    const { id } = await toWebhook('now');
    await pauseStream(context, id);
    await happen('one');
    await deliverStream(context, id);
    expect(arrived()).toEqual([]);
    expect((await only())?.waiting).toBeGreaterThan(0);
    await resumeStream(context, id);
    await deliverStream(context, id);
    expect(arrived()).toEqual(expect.arrayContaining(named(['one'])));
    expect(await actions()).toEqual(['stream.created', 'stream.paused', 'stream.resumed']);
  });

  it('sends a test past what waits, and says what came of it', async () => {
    const { id } = await toWebhook('now');
    await pauseStream(context, id);
    expect(await testStream(context, id)).toMatchObject({ arrived: true });
    expect(arrived()).toEqual([expect.stringContaining('"test":true')]);
    webhook.answer = { status: 401 };
    expect(await testStream(context, id)).toEqual({ arrived: false, why: 'It answered 401.' });
  });

  it('is tested five times a minute at most, all of an organisation’s together', async () => {
    const [one, other] = [await toWebhook('now'), await toWebhook('now')];
    const test = (at: number) => testStream(context, at % 2 ? one.id : other.id);
    const tested = await Promise.allSettled([1, 2, 3, 4, 5, 6, 7].map(test));
    const refusals = tested.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refusals).toMatchObject([{ code: 'rate_limited' }, { code: 'rate_limited' }]);
    expect(webhook.received).toHaveLength(5);
  });

  it('is one of ten at most, however many are set up at the same moment', async () => {
    const made = await Promise.allSettled(Array.from({ length: 14 }, () => toWebhook('now')));
    const refusals = made.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refusals).toHaveLength(4);
    for (const each of refusals) expect(each).toMatchObject({ code: 'conflict' });
    expect(await listStreams(context)).toHaveLength(10);
  });

  it('is asked for once while events wait, however often somebody looks', async () => {
    await toWebhook();
    await happen('one');
    const jobs = async () =>
      (
        await database.owner.query(
          "select 1 from jobs where tenant_id = $1 and kind = 'stream/due'",
          [context.tenantId],
        )
      ).rowCount;
    await lookForEvents();
    await lookForEvents();
    expect(await jobs()).toBe(1);
  });

  it('is tried less and less often', () => {
    expect([1, 2, 3, 8, 20].map(pauseAfter)).toEqual([15, 30, 60, 1_800, 1_800]);
  });

  it('is removed by its name, with its secret', async () => {
    const { id } = await toWebhook();
    await expect(removeStream(context, id, 'other')).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await removeStream(context, id, 'SIEM');
    expect(await listStreams(context)).toEqual([]);
  });

  it("of another organisation's is as one that does not exist", async () => {
    const { id } = await toWebhook();
    const other = await testMember(database);
    for (const act of [pauseStream, resumeStream, testStream]) {
      const refusals = await Promise.all(
        [id, newId<AuditStreamId>()].map((each) => act(other, each).catch((error) => error)),
      );
      expect(refusals[0]).toMatchObject({ code: 'not_found', message: refusals[1].message });
    }
    await happen('private');
    await deliverStream(other, id);
    expect(webhook.received).toEqual([]);
  });
});
