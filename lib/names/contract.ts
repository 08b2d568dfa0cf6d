import { z } from 'zod';

/**
 * A name as people type it: one line of words, without control or direction-changing signs, which
 * could dress it up as another or break the line it is told in.
 * @param size the fewest and the most characters
 * @param tooShort what people are told of a shorter one
 */
export const typedName = (
  { min, max }: { readonly min: number; readonly max: number },
  tooShort = `Use at least ${min} characters.`,
) =>
  z
    .string(tooShort)
    .trim()
    .min(min, tooShort)
    .max(max, `Use at most ${max} characters.`)
    .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'Use letters, digits and ordinary signs only.');
