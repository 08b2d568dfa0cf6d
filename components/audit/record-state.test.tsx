import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { TooltipProvider } from '@/components/ui';
import type { RecordState } from '@/lib/record/contract';
import { RecordStateLine } from './record-state';

const at = '2026-01-01T00:00:00.000Z';
const checkpoint = { size: 7, root: 'cm9vdA==', signedAt: at, publishedAt: at, ours: true };
const sound: RecordState = {
  ...{ sealed: 7, checkpoint, behind: false, origin: 'app.example/tenants/one' },
  verifierKey: 'app.example/tenants/one+00000000+key',
};
const shown = (state: Partial<RecordState> = {}, support: string | null = null) =>
  renderToStaticMarkup(
    <TooltipProvider>
      <RecordStateLine state={{ ...sound, ...state }} support={support} />
    </TooltipProvider>,
  );

describe('above the record', () => {
  it('stands up to when it is verified, and nothing that alarms', () => {
    const page = shown();
    expect(page).toContain('Verified up to');
    expect(page).not.toContain('role="note"');
  });

  it('stands that newer events are late, and that nobody has to do anything yet', () => {
    const page = shown({ behind: true, sealed: 9 });
    expect(page).toContain('Verified up to');
    expect(page).toContain('Newer events are not signed for yet');
    expect(page).toContain('tried again by itself');
  });

  it('stands that the last checkpoint is not signed by us, what it means and what to do', () => {
    const page = shown({ behind: true, checkpoint: { ...checkpoint, ours: false } });
    expect(page).toContain('The last checkpoint does not bear our signature');
    expect(page).toContain('somebody changed it in our database');
    expect(page).toContain('not known any more. Tell us at once. Keep');
    const reachable = shown({ checkpoint: { ...checkpoint, ours: false } }, 'help@app.example');
    expect(reachable).toContain('href="mailto:help@app.example"');
    expect(page).toContain('Keep the checkpoints and exports that you have');
    // Neither is true then.
    expect(page).not.toContain('Verified up to');
    expect(page).not.toContain('Newer events are not signed for yet');
  });
});
