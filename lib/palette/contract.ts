import { z } from 'zod';

/** What is typed into a palette; what is shorter than two characters finds nothing. */
export const paletteQuery = z.object({ q: z.string().trim().max(200).catch('') });

/** Characters below which nothing is looked for. */
export const shortestQuery = 2;

export const hitKinds = [
  'tenant',
  'person',
  'run',
  'connection',
  'automation',
  'resource',
  'request',
  'event',
] as const;
export type HitKind = (typeof hitKinds)[number];

/** Something that a palette leads to. */
export interface PaletteHit {
  readonly kind: HitKind;
  readonly id: string;
  readonly label: string;
  /** Tells it apart from its like: an address, a tenant's name, a state. */
  readonly hint: string;
  readonly href: string;
}

export interface PaletteHits {
  readonly hits: readonly PaletteHit[];
}
