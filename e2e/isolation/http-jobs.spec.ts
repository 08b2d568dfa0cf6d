import { v7 } from 'uuid';
import { eventsChannel } from '@/db/engine/store';
import { listed } from '../support/endpoints';
import { type Cast, makeTenant, type Tenant } from '../support/isolation/cast';
import { denialsWritten } from '../support/isolation/denials';
import { fingerprint } from '../support/isolation/fingerprint';
import { expect, test } from '../support/isolation/fixtures';

/** Background work that somebody asks for in another tenant's name. */

test.setTimeout(300_000);

const patience = { timeout: 120_000 };

interface Job {
  readonly id: string;
  readonly kind: string;
}

/** A job of a tenant's, as it stands after its event has been sent. */
async function plantJob({ pool }: Cast, tenant: Tenant, kind: string): Promise<Job> {
  const id = v7();
  const subject =
    { 'run/requested': 'runs', 'discovery/requested': 'discoveries' }[kind] ?? 'mails';
  await pool.query(
    `insert into jobs (tenant_id, id, kind, subject_id, request_id, dispatched_at)
     values ($1, $2, $3, $4, $5, now())`,
    [tenant.id, id, kind, tenant.world.rows.get(subject), `isolation-${id}`],
  );
  return { id, kind };
}

/** Put an event where the engine finds it: as somebody could who has its database or Inngest's key. */
async function send(
  { pool }: Cast,
  name: string,
  data: unknown,
  id: string = v7(),
): Promise<string> {
  await pool.query(
    `insert into engine.events (id, name, payload) values ($1, $2, $3) on conflict do nothing`,
    [id, name, JSON.stringify({ id, name, data, ts: Date.now() })],
  );
  await pool.query(`select pg_notify($1, '')`, [eventsChannel]);
  return id;
}

/** Wait until the runs of these events are over, and whatever they asked for in these tenants. */
async function ended(cast: Cast, ids: readonly string[]): Promise<void> {
  const { pool, victim, attacker } = cast;
  const count = async (text: string, values: readonly unknown[]) =>
    Number((await pool.query<{ n: string }>(text, [...values])).rows[0]?.n);
  const over = async () => {
    const begun = await count('select count(*) as n from engine.runs where event_id = any($1)', [
      ids,
    ]);
    const tenants = [victim.id, attacker.id];
    const waiting = await count(
      'select count(*) as n from jobs where tenant_id = any($1) and dispatched_at is null',
      [tenants],
    );
    const events = await count(
      'select count(*) as n from engine.events where routed_at is null',
      [],
    );
    const active = await count(
      `select count(*) as n from engine.runs
       where state = 'active' and (event_id = any($1) or tenant = any($2) and wake_at < now() + interval '1 minute')`,
      [ids, tenants],
    );
    return { begun: begun >= ids.length, waiting, events, active };
  };
  await expect.poll(over, patience).toEqual({ begun: true, waiting: 0, events: 0, active: 0 });
}

async function forgedOn({ pool, server }: Cast, tenant: Tenant): Promise<number> {
  await denialsWritten({ server });
  const { rows } = await pool.query<{ n: string }>(
    `select coalesce(sum(times), 0) as n from tenant_access_logs
     where tenant_id = $1 and reason = 'forged_job'`,
    [tenant.id],
  );
  return Number(rows[0]?.n);
}

/** Events that name no job: their functions look for themselves, and take nothing from the event. */
const withoutJob = ['denials/recorded', 'lifecycle/deletions.changed'];

const kinds = () => [...new Set(listed().functions.flatMap(({ events }) => events))];

interface Forged {
  readonly name: string;
  readonly data: unknown;
}

/** Every kind of event in ways that no job bears out; the jobs that they name stand there. */
async function plantForged(cast: Cast): Promise<readonly Forged[]> {
  const { attacker, victim } = cast;
  const forged: Forged[] = [];
  for (const name of kinds()) {
    const [theirs, ours] = [
      await plantJob(cast, victim, name),
      await plantJob(cast, attacker, name),
    ];
    const other = kinds().find((kind) => kind !== name) ?? name;
    const payloads: readonly unknown[] = [
      // Nobody's job in the victim's name.
      { jobId: crypto.randomUUID(), tenantId: victim.id },
      // The attacker's own job, in the victim's name.
      { jobId: ours.id, tenantId: victim.id },
      // The victim's job, named in the attacker's event.
      { jobId: theirs.id, tenantId: attacker.id },
      // Ids of things instead of a job's.
      { jobId: victim.world.rows.get('runs'), tenantId: victim.id },
      {
        tenantId: victim.id,
        runId: victim.world.rows.get('runs'),
        subjectId: victim.world.person.id,
      },
      { jobId: `${theirs.id}' or '1'='1`, tenantId: victim.id },
      { jobId: [theirs.id], tenantId: [victim.id] },
      { jobId: null, tenantId: victim.id },
      {},
    ];
    forged.push(...payloads.map((data) => ({ name, data })));
    // A job of another kind than the event's.
    forged.push({ name: other, data: { jobId: theirs.id, tenantId: victim.id } });
  }
  return forged;
}

test('an event that no job bears out does nothing, and is on record', async ({
  cast: all,
  report,
}) => {
  // Whose people have set nothing going: it would go on by itself.
  const attacker = await makeTenant(all, `jobs${crypto.randomUUID().slice(0, 8)}`);
  const cast = { ...all, attacker };
  const { victim } = cast;
  const forged = await plantForged(cast);
  await ended(cast, []);
  const before = [await fingerprint(cast, victim), await fingerprint(cast, attacker)];
  const denied = await forgedOn(cast, victim);
  const sent: string[] = [];
  for (const { name, data } of forged) sent.push(await send(cast, name, data));
  await ended(cast, sent);
  const { rows: done } = await cast.pool.query(
    `select function_id, event from engine.runs
     where event_id = any($1) and state <> 'failed' and event::json ->> 'name' <> all($2)`,
    [sent, withoutJob],
  );
  expect(done).toEqual([]);
  expect([await fingerprint(cast, victim), await fingerprint(cast, attacker)]).toEqual(before);
  expect(await forgedOn(cast, victim)).toBeGreaterThan(denied);
  report({
    attack: 'job: a forged event',
    cases: sent.length,
    tried:
      'Every kind of event was put before the engine with nobody’s job, with a job in another tenant’s name, of another kind, and with payloads of other shapes: all failed, nothing changed, and the victim’s record says so.',
  });
});

test('a payload with the victim’s ids beside a true job changes nothing of the victim’s', async ({
  cast,
  report,
}) => {
  const { attacker, victim } = cast;
  const before = await fingerprint(cast, victim);
  const sent: string[] = [];
  for (const name of kinds()) {
    const job = await plantJob(cast, attacker, name);
    const data = {
      ...{ jobId: job.id, tenantId: attacker.id },
      ...{ subjectId: victim.world.rows.get('runs'), runId: victim.world.rows.get('runs') },
      ...{ connectionId: victim.world.rows.get('connections'), tenant_id: victim.id },
      context: { tenantId: victim.id },
      job: { tenantId: victim.id, id: job.id },
    };
    sent.push(await send(cast, name, data));
  }
  await ended(cast, sent);
  expect(await fingerprint(cast, victim)).toEqual(before);
  report({
    attack: 'job: a payload with another tenant’s ids',
    cases: sent.length,
    tried:
      'True jobs of the attacker’s were sent with the victim’s ids beside theirs: the worker went by the job’s row.',
  });
});

test('an event that comes again does nothing again', async ({ cast, report }) => {
  const { victim, pool } = cast;
  const sent: string[] = [];
  const jobs = new Map<string, Job>();
  for (const name of kinds()) {
    const job = await plantJob(cast, victim, name);
    jobs.set(name, job);
    sent.push(await send(cast, name, { jobId: job.id, tenantId: victim.id }));
  }
  await ended(cast, sent);
  const before = await fingerprint(cast, victim);
  const runs = async () =>
    Number(
      (await pool.query('select count(*) from engine.runs where event_id = any($1)', [sent]))
        .rows[0]?.count,
    );
  const ran = await runs();
  // The same event again, by its id: it is known.
  for (const [at, name] of kinds().entries()) {
    const data = { jobId: jobs.get(name)?.id, tenantId: victim.id };
    await send(cast, name, data, sent[at]);
  }
  // The same job again, by another event: what it is about has come to its end.
  const again: string[] = [];
  for (const name of kinds()) {
    const data = { jobId: jobs.get(name)?.id, tenantId: victim.id };
    again.push(await send(cast, name, data));
  }
  await ended(cast, again);
  expect(await runs()).toBe(ran);
  expect(await fingerprint(cast, victim)).toEqual(before);
  report({
    attack: 'job: replay',
    cases: kinds().length * 2,
    tried:
      'Each kind of event was sent a second time, with its own id and with a new one, after its job had ended.',
  });
});

test('whoever calls the functions by HTTP is refused, signed or not', async ({ cast, report }) => {
  const { victim, others } = cast;
  const before = await fingerprint(cast, victim);
  const ids = listed().functions.map(({ id }) => id);
  const calls = ids.flatMap((id) =>
    ['PUT', 'POST', 'GET'].flatMap((method) =>
      [undefined, 't=1&s=00', `t=${Math.floor(Date.now() / 1_000)}&s=${'a'.repeat(64)}`].map(
        (signature) => ({ id, method, signature }),
      ),
    ),
  );
  for (const { id, method, signature } of calls) {
    const data = { jobId: crypto.randomUUID(), tenantId: victim.id };
    const answer = await others.nobody.ask(`/api/inngest?fnId=tenantry-${id}&stepId=step`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(signature && { 'x-inngest-signature': signature }),
        'x-inngest-server-kind': 'dev',
      },
      ...(method !== 'GET' && { body: JSON.stringify({ event: { name: 'x', data }, events: [] }) }),
    });
    expect(answer.status, `${method} ${id}`).toBe(404);
  }
  for (const path of [
    '/e/key',
    '/api/inngest/e/key',
    '/v1/events',
    '/.redwood/functions/inngest',
  ]) {
    const answer = await others.nobody.ask(path, { method: 'POST', body: '{}' });
    expect(answer.status, path).toBe(404);
  }
  expect(await fingerprint(cast, victim)).toEqual(before);
  report({
    attack: 'job: a tampered signature',
    cases: calls.length + 4,
    tried:
      'Every function was called over HTTP without a signature, with an old and with a made-up one. With Inngest’s keys set: lib/jobs/inngest-mode.test.ts; INNGEST_DEV in production: e2e/start.spec.ts.',
  });
});
