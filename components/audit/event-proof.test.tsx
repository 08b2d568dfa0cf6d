import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { TooltipProvider } from '@/components/ui';
import { checkpointNotOurs } from '@/lib/record/contract';
import { EventProof } from './event-proof';

const shown = (problems: readonly string[]) =>
  renderToStaticMarkup(
    <TooltipProvider>
      <EventProof eventId="event" proof={{ state: 'broken', problems }} />
    </TooltipProvider>,
  );

describe('an event that is not proven', () => {
  it('is not called changed where only the checkpoint is not ours', () => {
    const page = shown([checkpointNotOurs]);
    expect(page).toContain('Nothing proves this event');
    expect(page).not.toContain('is not what was sealed');
    expect(page).toContain('tell our support');
  });

  it('is called changed where it differs from what was sealed', () => {
    const page = shown(['outcome', checkpointNotOurs]);
    expect(page).toContain('This event is not what was sealed');
    expect(page).toContain('outcome');
  });
});
