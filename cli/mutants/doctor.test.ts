import { expect, inject, it } from 'vitest';
import { noticedByDoctor } from '@/db/testing/sabotage';
import { sqlMutants } from './sql';

/** Their statements name tables, constraints and pieces of functions, which change. */
it('every mutant of the database can be made, and the doctor notices most', async () => {
  const noticed = await noticedByDoctor(inject('testServer').url, sqlMutants);
  expect([...noticed.keys()]).toEqual(sqlMutants.map(({ name }) => name));
  const most = [...noticed.values()].filter((checks) => checks.length > 0);
  expect(most.length).toBeGreaterThan(sqlMutants.length * 0.8);
});
