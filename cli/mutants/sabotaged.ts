import { readFileSync } from 'node:fs';
import { beforeEach } from 'vitest';
import { sabotage } from '@/db/testing/sabotage';
import { sabotageVariable } from './given-server';

/** What was done to the database of a test file, before its first test and after it was made. */
let file = process.env[sabotageVariable];

beforeEach(async () => {
  const [statements, url] = [file, process.env.DATABASE_URL];
  if (!statements || !url) return;
  file = undefined;
  await sabotage(url, readFileSync(statements, 'utf8'));
});
