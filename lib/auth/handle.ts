import { NextRequest } from 'next/server';
import { PublicError } from '@/lib/errors';
import { handlers } from './next-auth';

/** Bytes; the largest form that signing in sends is a few hundred. */
const maxFormBytes = 16 * 1024;

/**
 * Answer a request to `/api/auth/*`.
 * @throws PublicError `too_large`
 */
export async function handleAuth(request: Request): Promise<Response> {
  // The framework reads whatever is sent; a body of unknown length is none of a browser's form.
  const length = request.headers.get('content-length');
  if (request.method === 'POST' && !(length !== null && Number(length) <= maxFormBytes)) {
    throw new PublicError('too_large', `Send at most ${maxFormBytes / 1024} KiB.`);
  }
  const asked = request instanceof NextRequest ? request : new NextRequest(request);
  const answer = await (request.method === 'POST' ? handlers.POST(asked) : handlers.GET(asked));
  // Those that `Response.redirect` made cannot be given headers any more.
  const response = new Response(answer.body, answer);
  response.headers.set('cache-control', 'private, no-store');
  return response;
}
