import type { SqlMutant } from '../mutant';
import { context } from './context';
import { objects } from './objects';
import { policies } from './policies';
import { roles } from './roles';

/** What a database administrator, or a migration, could have done. */
export const sqlMutants: readonly SqlMutant[] = [...policies, ...context, ...objects, ...roles].map(
  ({ by: [spec, title], ...rest }) => ({
    kind: 'sql',
    ...rest,
    noticedBy: { file: spec.includes('/') ? spec : `e2e/isolation/${spec}.spec.ts`, title },
  }),
);
