import { describe, expect, it } from 'vitest';
import { newId } from '@/db';
import { testDatabase } from '@/db/testing';
import { testMember } from '@/lib/connections/testing';
import { encodeCursor } from '@/lib/paging';
import { listRuns } from './read';

const database = testDatabase();

describe('the list of runs', () => {
  it.each([
    ['of a year that no calendar has', '0000-01-01T00:00:00.000Z'],
    ['of another list', 'yesterday'],
  ])('refuses a cursor %s', async (_what, at) => {
    const context = await testMember(database);
    const cursor = encodeCursor([at, newId()]);
    await expect(listRuns(context, {}, cursor)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
