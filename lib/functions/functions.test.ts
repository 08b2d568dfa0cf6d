import { afterAll, expect, it } from 'vitest';
import { testDatabase } from '@/db/testing';
import { engineStatus, stopEngine } from '@/lib/jobs';
import { functions, startFunctions } from '.';

testDatabase();
afterAll(() => stopEngine());

it('every function runs on the embedded engine', async () => {
  await startFunctions();
  expect(await engineStatus()).toMatchObject({ mode: 'embedded', alive: true, workers: 1 });
});

it('every function has an id of its own', () => {
  const ids = functions.map((fn) => fn.id());
  expect(new Set(ids).size).toBe(ids.length);
});
