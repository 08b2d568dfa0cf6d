import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { TooltipProvider } from '@/components/ui';
import type { ApprovalRow } from '@/lib/approvals/contract';
import { ApprovalFacts } from './approval-facts';
import { DecisionForm } from './decision-form';

const at = '2026-01-01T00:00:00.000Z';
const waiting: ApprovalRow = {
  ...{ id: 'approval', kind: 'keys.shred', state: 'waiting', tenantId: null },
  ...{ words: 'Destroy the keys of Harbour.', reason: 'They asked for it' },
  ...{ askedBy: { id: 'sam', name: 'Sam' }, askedAt: at, expiresAt: at },
  ...{ decidedBy: null, decidedAt: null, note: null, carriedOutAt: null },
  ...{ outcome: null, failure: null, missing: null, yours: 'decide' },
};
const approved: Partial<ApprovalRow> = {
  ...{ state: 'approved', decidedBy: { id: 'amir', name: 'Amir' }, decidedAt: at },
  failure: 'The key store is out of reach.',
};
const facts = (row: Partial<ApprovalRow> = {}) =>
  renderToStaticMarkup(
    <TooltipProvider>
      <ApprovalFacts
        approval={{ ...waiting, ...row }}
        retry={<button type="button">Retry</button>}
      />
    </TooltipProvider>,
  );
const form = (approvable: boolean) =>
  renderToStaticMarkup(
    <DecisionForm
      approvalId="approval"
      approvable={approvable}
      demo={null}
      onDecide={async () => ({ ok: true, data: { outcome: '' } })}
    />,
  );

describe('what was asked for by somebody who has left the staff', () => {
  it('says so before anybody decides, and why it can only be declined', () => {
    const page = facts({ missing: 'asker' });
    expect(page).toContain('Sam is no longer staff');
    expect(page).toContain('the deed of one person alone');
    expect(facts()).not.toContain('no longer staff');
  });

  it('is not offered for approval', () => {
    expect(form(true)).toContain('Approve');
    expect(form(false)).not.toContain('Approve');
    expect(form(false)).toContain('Decline');
  });

  it('is not offered to be tried again', () => {
    expect(facts(approved)).toContain('Retry');
    const page = facts({ ...approved, missing: 'asker' });
    expect(page).not.toContain('Retry');
    expect(page).toContain('It cannot be carried out any more');
  });
});

it('what was approved by somebody who may not any more is not offered to be tried again', () => {
  const page = facts({ ...approved, missing: 'approver' });
  expect(page).not.toContain('Retry');
  expect(page).toContain('Amir approved it, and could not approve it today');
});
