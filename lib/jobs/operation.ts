import { z } from 'zod';

/** One step operation as the SDK reports it. `id` is the hash of the step's name. */
const operation = z.object({
  id: z.string().min(1).max(255),
  op: z.string(),
  name: z.string().nullish(),
  displayName: z.string().nullish(),
  data: z.unknown().optional(),
  error: z.unknown().optional(),
});

export const operations = z.array(operation);
export type Operation = z.output<typeof operation>;

/** A step's outcome as the SDK wants it back: JSON of its data, or of its final error. */
export interface Memo {
  readonly kind: 'data' | 'error';
  readonly json: string;
}

/** JSON of any value; what JSON cannot say is `null`, as over the wire. */
export const jsonOf = (value: unknown): string => JSON.stringify(value) ?? 'null';
