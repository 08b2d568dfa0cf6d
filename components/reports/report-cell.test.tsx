import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { ReportCell } from './report-cell';

const shown = (value: string) =>
  renderToStaticMarkup(
    <ReportCell column={{ key: 'link', label: 'Link', type: 'link' }} value={value} />,
  );

describe('an address in a report', () => {
  it('is a link that leads to the web', () => {
    expect(shown('https://drive.example/d/1')).toContain('href="https://drive.example/d/1"');
  });

  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)//https://x',
    'JaVaScRiPt:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    '/runs',
  ])('makes no link of %s', (address) => {
    expect(shown(address)).not.toMatch(/<a\b|href/);
  });
});
