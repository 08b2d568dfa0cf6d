import { describe, expect, it } from 'vitest';
import { testDatabase } from '@/db/testing';
import { runStory } from '@/lib/console/testing';
import { traceRequest } from '.';

const database = testDatabase();

describe('a request in one’s own organisation', () => {
  it('leads to the runs that its events belong to, and to their calls', async () => {
    const { tenantId, requestId, runId } = await runStory(database, 'Own');
    expect(await traceRequest({ tenantId }, requestId)).toMatchObject({
      runs: [{ id: runId, state: 'running' }],
      calls: [{ runId, method: 'GET', host: 'www.googleapis.com' }],
      moreCalls: false,
      refusals: 0,
    });
  });

  it('of another’s id shows what an unknown one shows: nothing', async () => {
    const { requestId } = await runStory(database, 'Another');
    const { tenantId } = await database.createTenant('Curious');
    const foreign = await traceRequest({ tenantId }, requestId);
    const unknown = await traceRequest({ tenantId }, 'nobody-asked-this');
    expect({ ...foreign, requestId: '' }).toEqual({ ...unknown, requestId: '' });
    expect(foreign).toMatchObject({ runs: [], calls: [], refusals: 0 });
  });
});
