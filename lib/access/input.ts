import type { z } from 'zod';
import { invalidInput, PublicError } from '@/lib/errors';

/** Bytes; larger bodies are refused before they are parsed. */
export const maxBodyBytes = 256 * 1024;

/** PostgreSQL keeps neither a zero byte nor half of a surrogate pair. */
const notText = /\0|\p{Surrogate}/u;

/** Whether any text in it, however deep, cannot be kept. */
function holdsNoText(value: unknown): boolean {
  const left: unknown[] = [value];
  while (left.length > 0) {
    const at = left.pop();
    if (typeof at === 'string' && notText.test(at)) return true;
    if (typeof at !== 'object' || at === null) continue;
    for (const [name, item] of Object.entries(at)) left.push(name, item);
  }
  return false;
}

/** Parameters of a page's address without those that could not be looked for. */
export function usableSearch<Search extends Readonly<Record<string, unknown>>>(
  search: Search,
): Partial<Search> {
  const usable = Object.entries(search).filter(([name, value]) => !holdsNoText([name, value]));
  return Object.fromEntries(usable) as Partial<Search>;
}

/** Read what was sent as the schema says. @throws PublicError `invalid_input` */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) throw invalidInput(result.error);
  if (holdsNoText(result.data)) {
    throw new PublicError('invalid_input', 'Some signs in what you sent are not text.');
  }
  return result.data;
}

function tooLarge(): PublicError {
  return new PublicError('too_large', `Send at most ${maxBodyBytes / 1024} KiB.`);
}

/**
 * Read a JSON body of bounded size.
 * @throws PublicError `too_large`, `malformed`
 */
export async function readJson(request: Request): Promise<unknown> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw new PublicError('malformed', 'The body is not valid JSON.', { cause });
  }
}

/** Query parameters as an object; a repeated one becomes a list. */
export function queryObject(search: URLSearchParams): Record<string, string | string[]> {
  const entries = [...new Set(search.keys())].map((key) => {
    const values = search.getAll(key);
    return [key, values.length > 1 ? values : (values[0] ?? '')] as const;
  });
  return Object.fromEntries(entries);
}
