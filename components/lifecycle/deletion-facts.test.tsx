import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { TooltipProvider } from '@/components/ui';
import type { OpenedDeletion, RecordAtErasure } from '@/lib/lifecycle/contract';
import { DeletionFacts } from './deletion-facts';

const at = '2026-01-01T00:00:00.000Z';
const through: OpenedDeletion = {
  ...{ id: 'deletion', tenantId: 'tenant', tenantName: null, origin: 'owner', reason: null },
  ...{ askedName: null, askedAt: at, graceUntil: at, state: 'done', stage: 'done', stageAt: at },
  ...{ endedAt: null, endedName: null, error: null, attempts: 0, revocations: [], counts: {} },
  ...{ rows: 0, files: 0, finishedAt: at, certified: true },
};
const looked = { sealed: 7, signed: 7, unsealed: 0, at };
const shown = (record?: RecordAtErasure) =>
  renderToStaticMarkup(
    <TooltipProvider>
      <DeletionFacts deletion={{ ...through, ...(record ? { record } : {}) }} />
    </TooltipProvider>,
  );

describe('the page of a deletion', () => {
  it('says aloud that the record had been changed, and why it was not signed', () => {
    const page = shown({ state: 'refused', because: 'It was changed behind it.', ...looked });
    expect(page).toContain('the signer refused to sign it');
    expect(page).toContain('It was changed behind it.');
    expect(page).toContain('role="note"');
  });

  it('says when it was through, and that there was nothing to take back', () => {
    const page = shown();
    expect(page).toContain('Deleted (UTC)');
    expect(page).not.toContain('At this stage since');
    expect(page).toContain('It had no connection');
    expect(page).not.toContain('taken back so far');
  });

  it('says in passing that all of it was signed for', () => {
    const page = shown({ state: 'signed', ...looked });
    expect(page).toContain('Signed for to its end');
    expect(page).not.toContain('role="note"');
  });

  it('says that a certificate of an earlier version does not say it', () => {
    expect(shown()).toContain('Nothing is said of whether it was whole');
  });
});
