import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { DateTime } from './date-time';

const at = '2026-11-21T17:49:00Z';

describe('a date on a page', () => {
  it('names its zone', () => {
    const shown = renderToStaticMarkup(<DateTime value={at} format="absolute" />);
    expect(shown).toContain('>21 Nov 2026, 17:49 UTC<');
  });

  it('leaves that to a page that chose the zone', () => {
    const shown = renderToStaticMarkup(
      <DateTime value={at} format="absolute" timeZone="Asia/Tokyo" />,
    );
    expect(shown).toContain('>22 Nov 2026, 02:49<');
    expect(shown).toContain('(Asia/Tokyo)');
  });
});
