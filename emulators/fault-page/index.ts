import type { Controlled } from '../control';
import { htmlResponse } from '../page';
import { faultPage, type Sibling } from './page';

export type { Sibling } from './page';

/** Only what the page itself brings; no other page may frame it or be sent to. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; " +
  "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** `GET /__` */
export function showFaultPage(controlled: Controlled, siblings: readonly Sibling[]): Response {
  const response = htmlResponse(faultPage(controlled, siblings));
  response.headers.set('content-security-policy', policy);
  return response;
}

/** What a form of the page asks for, as the request of the path that does it. */
function meant(form: URLSearchParams): { method: string; path: string; body: unknown } {
  const given = (name: string) => form.get(name) || undefined;
  const account = given('account');
  if (form.has('clear')) return { method: 'DELETE', path: '/__faults', body: undefined };
  if (form.has('action')) {
    const body = { account, action: given('action'), permission: given('permission') };
    return { method: 'POST', path: '/__accounts', body };
  }
  const times = given('times');
  const body = { preset: given('preset'), account, ...(times && { times: Number(times) }) };
  return { method: 'POST', path: '/__presets', body };
}

/**
 * `POST /__do`: the page's forms.
 * @param control answers the paths below `/__`
 */
export async function doFromPage(
  request: Request,
  control: (request: Request) => Promise<Response>,
): Promise<Response> {
  const { method, path, body } = meant(new URLSearchParams(await request.text()));
  const answer = await control(
    new Request(new URL(path, request.url), {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
  if (!answer.ok) return answer;
  return new Response(null, { status: 303, headers: { location: '/__' } });
}
