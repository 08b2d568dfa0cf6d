import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const css = readFileSync(fileURLToPath(new URL('../../app/globals.css', import.meta.url)), 'utf8');

/** The tokens a rule sets, by name; only those that are an opaque colour. */
function tokens(selector: string): Record<string, number> {
  const start = css.indexOf(`\n${selector} {`);
  const body = css.slice(start, css.indexOf('\n}', start));
  const found = body.matchAll(/--([a-z-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\);/g);
  return Object.fromEntries(
    [...found].map(([, name, l, c, h]) => [name, luminance(Number(l), Number(c), Number(h))]),
  );
}

/** Relative luminance (WCAG 2.2) of an OKLCH colour; matrices of CSS Color 4, out of gamut clipped. */
function luminance(l: number, c: number, hue: number): number {
  const [a, b] = [c * Math.cos((hue * Math.PI) / 180), c * Math.sin((hue * Math.PI) / 180)];
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  const red = clip(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short);
  const green = clip(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short);
  const blue = clip(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: number | undefined, other: number | undefined): number {
  if (one === undefined || other === undefined) throw new Error('a token is missing');
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

const light = tokens(':root');
const themes: Record<string, Record<string, number>> = {
  light,
  dark: { ...light, ...tokens('[data-theme="dark"]') },
  'light support': { ...light, ...tokens('[data-console="support"]') },
  'dark support': {
    ...light,
    ...tokens('[data-theme="dark"]'),
    ...tokens('[data-theme="dark"][data-console="support"]'),
  },
};
const grounds = ['background', 'surface', 'raised', 'sunken'];
const inks = ['text', 'muted', 'faint', 'accent', 'success', 'warning', 'danger', 'info'];
const tones = ['accent', 'success', 'warning', 'danger', 'info'];

/** WCAG 2.2, 1.4.3: 4.5 for text; 1.4.11: 3 for marks. */
describe.each(Object.entries(themes))('contrast, %s', (_name, theme) => {
  it.each(grounds.flatMap((ground) => inks.map((ink) => [ink, ground])))(
    '%s on %s',
    (ink, ground) => {
      expect(contrast(theme[ink], theme[ground])).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(
    tones.flatMap((tone) => [
      [tone, `${tone}-soft`],
      ['text', `${tone}-soft`],
      ['muted', `${tone}-soft`],
    ]),
  )('%s on %s', (ink, ground) => {
    expect(contrast(theme[ink], theme[ground])).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['accent-solid', 'accent-solid-hover', 'danger-solid', 'danger-solid-hover'])(
    'ink on %s',
    (ground) => {
      expect(contrast(theme['on-solid'], theme[ground])).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(['accent', 'success', 'danger', 'info'])('%s bars on surface', (tone) => {
    expect(contrast(theme[`${tone}-solid`], theme.surface)).toBeGreaterThanOrEqual(3);
  });

  it('text on the brand panel', () => {
    expect(contrast(theme['on-brand-muted'], theme.brand)).toBeGreaterThanOrEqual(4.5);
  });
});
