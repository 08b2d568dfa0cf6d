const elsewhere = 'http://elsewhere.invalid';
/** Leading there would loop, or answer with something that is no page. */
const notPages = /^\/(?:sign-in|sign-up|second-factor|api)(?:[/?#]|$)/;

/**
 * Where to go after signing in: a path of ours with its query, or the fallback. Whatever a browser
 * could read as another site (`//host`, `/\host`, a scheme, control characters) is refused.
 * @param next as it came in with the request
 */
export function safeReturnPath(next: string | null | undefined, fallback = '/overview'): string {
  if (!next?.startsWith('/') || /[\\\p{Cc}]/u.test(next)) return fallback;
  let url: URL;
  try {
    url = new URL(next, elsewhere);
  } catch {
    return fallback;
  }
  const path = `${url.pathname}${url.search}${url.hash}`;
  if (url.origin !== elsewhere || path.startsWith('//') || notPages.test(path)) return fallback;
  return path;
}
