/** What a colour means. Never the only carrier of that meaning: an icon or a word goes with it. */
export type Tone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger' | 'info';

/** Ink on the page's own ground. */
export const toneInk: Readonly<Record<Tone, string>> = {
  neutral: 'text-muted',
  accent: 'text-accent',
  success: 'text-success',
  warning: 'text-warning',
  danger: 'text-danger',
  info: 'text-info',
};

/** A tinted ground with a matching border and ink. */
export const toneSoft: Readonly<Record<Tone, string>> = {
  neutral: 'border-border bg-sunken text-muted',
  accent: 'border-accent-line bg-accent-soft text-accent',
  success: 'border-success-line bg-success-soft text-success',
  warning: 'border-warning-line bg-warning-soft text-warning',
  danger: 'border-danger-line bg-danger-soft text-danger',
  info: 'border-info-line bg-info-soft text-info',
};

/** A full colour for marks and bars; `currentColor` follows it inside SVG. */
export const toneSolid: Readonly<Record<Tone, string>> = {
  neutral: 'text-faint',
  accent: 'text-accent-solid',
  success: 'text-success-solid',
  warning: 'text-warning-solid',
  danger: 'text-danger-solid',
  info: 'text-info-solid',
};
