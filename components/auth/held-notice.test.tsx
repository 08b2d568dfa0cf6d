import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { TooltipProvider } from '@/components/ui';
import type { HeldOrganisation } from '@/lib/suspension/contract';
import { HeldNotice } from './held-notice';

const suspended: HeldOrganisation = {
  ...{ name: 'Fabrikam', state: 'suspended', since: null },
  notice: 'Please pay: https://billing.example/fabrikam?month=10.\nThank you.',
};
const shown = (owner: boolean, support: string | null = null) =>
  renderToStaticMarkup(
    <TooltipProvider>
      <HeldNotice organisations={[suspended]} owner={owner} support={support} />
    </TooltipProvider>,
  );

describe('whoever cannot get into a suspended organisation', () => {
  it('reads what support says, with addresses to press', () => {
    expect(shown(false)).toContain('href="https://billing.example/fabrikam?month=10"');
  });

  it('is told whom to ask: an owner, who was written to', () => {
    expect(shown(false)).toContain('Ask an owner of your organisation');
  });

  it('is told to answer our mail, as an owner', () => {
    expect(shown(true)).toContain('We wrote to you');
    expect(shown(true)).not.toContain('Ask an owner');
  });

  it('is given the address of support where there is one', () => {
    for (const owner of [true, false]) {
      expect(shown(owner, 'help@app.example')).toContain('href="mailto:help@app.example"');
    }
  });
});
