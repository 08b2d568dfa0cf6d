import { randomBytes, randomInt } from 'node:crypto';

/**
 * A mark of a tenant: in every value of its rows that can carry one, so that whatever comes out
 * anywhere can be searched for it.
 */
export interface Mark {
  readonly name: string;
  readonly tenantId: string;
  /** First eight hexadecimal digits of all its ids. */
  readonly prefix: string;
  /** In all its text, JSON and bytes. */
  readonly text: string;
}

const hex = (bytes: number) => randomBytes(bytes).toString('hex');

/** A new id that carries the mark's first digits (UUID version 7 by its form). */
export function markedId({ prefix }: Pick<Mark, 'prefix'>): string {
  return `${prefix}-${hex(2)}-7${hex(2).slice(1)}-8${hex(2).slice(1)}-${hex(6)}`;
}

/** @param name shown in reports; must hold letters only */
export function newMark(name: string): Mark {
  const prefix = hex(4);
  return { name, prefix, tenantId: markedId({ prefix }), text: `${name}mark${hex(6)}` };
}

/** Whether anything of this mark is in what came out: text, JSON, bytes as hexadecimal or base64. */
export function carries(mark: Mark, found: unknown): boolean {
  const text = typeof found === 'string' ? found : (JSON.stringify(found) ?? '');
  const bytes = Buffer.from(mark.text);
  return [
    mark.prefix,
    mark.text,
    bytes.toString('hex'),
    // Whatever the offset, the middle of the mark looks one of three ways in base64.
    ...[0, 1, 2].map((skip) => bytes.subarray(skip, skip + 12).toString('base64')),
  ].some((trace) => text.toLowerCase().includes(trace.toLowerCase()) && trace.length >= 8);
}

/** A number for columns that hold only numbers; small enough for all of them. */
export const someNumber = (): string => String(randomInt(1_000, 32_000));
