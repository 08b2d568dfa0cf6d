import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import shared from '../../../vitest.config';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The plans are looked at once the browser's tests have recorded what the product asks. */
export default mergeConfig(
  { ...shared, test: { ...shared.test, include: [] } },
  defineConfig({ root, test: { include: ['db/testing/plans/*.plans.ts'] } }),
);
