import { describe, expect, it } from 'vitest';
import { auditOutcomes } from '@/db/schema/audit';
import { effectStates, runStates, stepStates } from '@/db/schema/automations';
import { connectionStates } from '@/db/schema/connections';
import { discoveryStates } from '@/db/schema/resources';
import { tenantStates } from '@/db/schema/tenancy';
import { requestStates } from '@/lib/campaigns/contract';
import { statusLook } from './status';

const every = [
  ...connectionStates,
  ...discoveryStates,
  ...runStates,
  ...stepStates,
  ...effectStates,
  ...auditOutcomes,
  ...tenantStates,
  ...requestStates,
];

describe('statusLook', () => {
  it.each([...new Set(every)])('knows %s', (state) => {
    expect(statusLook(state).label).not.toBe('Unknown');
  });

  it.each(['next_years_state', 'constructor', ''])('shows %j as unknown', (state) => {
    expect(statusLook(state).label).toBe('Unknown');
  });
});
