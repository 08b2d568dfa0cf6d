import { sql } from './support/database';
import { expect, test } from './support/fixtures';

/** What nobody asks for, and a clock does. */

interface Schedule {
  readonly id: string;
  readonly rests: boolean;
}

const schedules = `
select c.function_id as id,
       c.next_at > now() and not exists (
         select from engine.runs r where r.function_id = c.function_id and r.state = 'active') as rests
  from engine.crons c order by 1`;

test('everything that runs by the clock runs through', async ({ server }) => {
  test.setTimeout(120_000);
  const before = await sql<Schedule>(server, schedules);
  expect(before.length).toBeGreaterThan(1);
  await sql(server, 'update engine.crons set next_at = now()');
  await expect
    .poll(async () => (await sql<Schedule>(server, schedules)).filter(({ rests }) => !rests), {
      timeout: 90_000,
    })
    .toEqual([]);
  const failed = await sql(
    server,
    `select r.function_id, r.output from engine.runs r join engine.crons c using (function_id)
      where r.state = 'failed'`,
  );
  expect(failed).toEqual([]);
});
