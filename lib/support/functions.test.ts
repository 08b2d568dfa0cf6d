import { afterEach, expect, it } from 'vitest';
import { newId, type SupportSessionId, type UserId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { enqueueJob, Relay } from '@/lib/jobs';
import { eventually, runEngine } from '@/lib/jobs/testing/harness';
import { actingStaff } from './acting';
import { supportEnd } from './functions';
import { supportStarted } from './start';

const database = testDatabase();
let relay: Relay | undefined;
afterEach(() => relay?.stop());

it('puts the end of a session on record when its time is up, though nobody asks any more', async () => {
  const { tenantId } = await database.createTenant();
  const staff = { userId: newId<UserId>(), name: 'Sam Support', requestId: 'request-1' };
  const context = actingStaff(staff, tenantId);
  const id = newId<SupportSessionId>();
  await database.owner.query(
    `insert into support_sessions (tenant_id, id, user_id, staff_name, staff_role, reason, ends_at)
     values ($1, $2, $3, 'Sam Support', 'support', 'To help', now() + interval '1 second')`,
    [tenantId, id, staff.userId],
  );
  await withTenant(context, (tx) =>
    enqueueJob(tx, context, { kind: supportStarted, subjectId: id }),
  );
  await runEngine([supportEnd]);
  relay = new Relay(50);
  relay.start();
  await eventually(async () => {
    const { rows } = await database.owner.query(
      `select actor_type, target_id, details ->> 'ending' as ending from audit_events
       where tenant_id = $1 and action = 'support.ended'`,
      [tenantId],
    );
    expect(rows).toEqual([{ actor_type: 'system', target_id: id, ending: 'time' }]);
  });
  const { rows } = await database.owner.query(
    'select ended_at = ends_at as "onTime" from support_sessions where id = $1',
    [id],
  );
  expect(rows).toEqual([{ onTime: true }]);
});
