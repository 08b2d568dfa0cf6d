import { sql } from './support/database';
import { expect, test } from './support/fixtures';

/** What nobody asks for, and a clock does. */

// Some are at it for most of every minute, so that they are hardly ever seen at rest.
const notRunThrough = `
select c.function_id as id from engine.crons c
 where not exists (
   select from engine.runs r where r.function_id = c.function_id and r.ended_at > $1::timestamptz)
 order by 1`;

test('everything that runs by the clock runs through', async ({ server }) => {
  test.setTimeout(240_000);
  const due = await sql<{ readonly at: string }>(
    server,
    'update engine.crons set next_at = now() returning now()::text as at',
  );
  expect(due.length).toBeGreaterThan(1);
  await expect
    .poll(() => sql(server, notRunThrough, [due[0]?.at]), { timeout: 180_000 })
    .toEqual([]);
  const failed = await sql(
    server,
    `select r.function_id, r.output from engine.runs r join engine.crons c using (function_id)
      where r.state = 'failed'`,
  );
  expect(failed).toEqual([]);
});
