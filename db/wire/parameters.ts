import pg from 'pg';
import { DoorMisuseError } from '../errors';

/** A parameter as it goes on the wire. */
export type WireValue = string | Buffer | null;

// Exported by `pg` and missing from its types.
const { prepareValue } = (pg as unknown as { utils: { prepareValue(value: unknown): WireValue } })
  .utils;

/** Parameters that fit in a Bind message, which counts them in 16 bits (protocol, message formats). */
const LIMIT = 65_535;

function encode(value: unknown, position: number): WireValue {
  if (typeof value === 'string') return value;
  if (value === null) return null;
  if (value === undefined) {
    throw new DoorMisuseError(`Parameter ${position} is undefined. Say null if you mean NULL.`);
  }
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new DoorMisuseError(`Parameter ${position} is a ${typeof value}, not a value.`);
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) {
      throw new DoorMisuseError(`Parameter ${position} is an invalid date.`);
    }
    return value.toISOString();
  }
  if (Array.isArray(value) && value.includes(undefined)) {
    throw new DoorMisuseError(`Parameter ${position} is a list with an undefined element.`);
  }
  return prepareValue(value);
}

/**
 * Turn parameters into what goes on the wire, before a connection is taken: whatever a value throws
 * on the way, nothing has been sent yet and no connection can be left half way through a message.
 * @throws DoorMisuseError for a value that stands for nothing, such as `undefined`
 */
export function encodeParameters(values: readonly unknown[]): WireValue[] {
  if (values.length > LIMIT) {
    throw new DoorMisuseError(`A statement takes ${LIMIT} parameters at most.`);
  }
  return values.map((value, index) => encode(value, index + 1));
}
