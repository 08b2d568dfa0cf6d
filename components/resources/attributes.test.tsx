import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { attributeItems } from './attributes';

const shown = (link: unknown) =>
  renderToStaticMarkup(attributeItems({ link }).map(({ value }) => value));

describe('the address of a resource', () => {
  it('is a link that leads to the web', () => {
    expect(shown('https://drive.example/d/1')).toContain('href="https://drive.example/d/1"');
  });

  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)//https://x',
    'JaVaScRiPt:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    '/runs',
    { toString: 'x' },
  ])('makes no link of %s', (address) => {
    expect(shown(address)).not.toMatch(/<a\b|href/);
  });
});
