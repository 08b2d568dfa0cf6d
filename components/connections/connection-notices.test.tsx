import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { AppFaultView } from '@/lib/app-faults/contract';
import type { OpenRequest } from '@/lib/campaigns/contract';
import type { ConnectionView } from '@/lib/connections/contract';
import { ConnectionNotices } from './connection-notices';

const since = '2026-11-21T17:49:00Z';
const answers = 'Microsoft 365 does not answer well.';

const inTrouble = (state: ConnectionView['state']): ConnectionView => ({
  id: '019aa7c4-5f5e-7a39-9d2a-3a6f0d6d7c11',
  provider: 'microsoft',
  authority: 'delegated',
  state,
  stateReason: answers,
  stateChangedAt: since,
  accountEmail: 'grace@northwind.example',
  connected: true,
  organization: null,
  organizationName: null,
  scopes: [],
  lastUsedAt: since,
  createdAt: since,
  resources: 3,
  discovering: false,
  awaiting: null,
});

function shown(
  state: ConnectionView['state'],
  faults: readonly AppFaultView[],
  requests: readonly OpenRequest[] = [],
) {
  return renderToStaticMarkup(
    <ConnectionNotices
      connection={inTrouble(state)}
      way={undefined}
      outcome={undefined}
      wanted={[]}
      requests={requests}
      waiting={[]}
      faults={faults}
      acts={null}
    />,
  );
}

describe('the notices of a connection', () => {
  it('say once that its provider does not let us in', () => {
    const page = shown('degraded', [{ provider: 'microsoft', since }]);
    expect(page).toContain('Microsoft 365 does not let Tenantry in at the moment');
    expect(page).not.toContain(answers);
  });

  it('say why it answers badly when the provider lets us in', () => {
    expect(shown('degraded', [])).toContain(answers);
  });

  it('say what is wrong with it beside that its provider does not let us in', () => {
    const page = shown('needs_reconsent', [{ provider: 'microsoft', since }]);
    expect(page).toContain('Microsoft 365 does not let Tenantry in at the moment');
    expect(page).toContain(answers);
  });

  it('say what support asks, why, and until when', () => {
    const page = shown(
      'needs_reconsent',
      [],
      [
        {
          id: '1',
          scopes: [],
          message: 'Microsoft has withdrawn old consents.',
          deadline: '2026-12-01T23:59:59.999Z',
          requestedName: 'Sam Support',
        },
      ],
    );
    expect(page).toContain(
      'Sam Support of Tenantry support asks you to connect this again by 1 December 2026',
    );
    expect(page).toContain('Microsoft has withdrawn old consents.');
  });
});
