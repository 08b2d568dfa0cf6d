import { ZodError, z } from 'zod';
import type { Faults } from './faults';
import { messageOrder } from './google/gmail';
import { messageSummary } from './google/gmail-message';
import { compileQuery } from './google/gmail-query';
import { ordered } from './google/paging';
import type { GoogleService } from './google/service';
import { expireAccessTokens, revokeGrant } from './google/tokens';
import type { RequestLog } from './request-log';

const accountRequest = z.strictObject({
  account: z.email(),
  action: z.enum(['revoke', 'expire']),
});

/** What happened to an account's mail, as the provider has it: the truth about effects. */
function mail({ store }: GoogleService, query: URLSearchParams) {
  const account = query.get('account') ?? '';
  const context = { labels: store.all('labels', account), now: Date.now() };
  const matches = compileQuery(query.get('q') ?? '');
  const rows = store.all('messages', account).filter((message) => matches(message, context));
  return ordered(rows, messageOrder).map(messageSummary);
}

/**
 * The paths below `/__`, through which tests steer the emulator and look at it.
 *
 * - `POST /__faults` sets one fault or a list; `GET` lists, `DELETE` clears
 * - `GET /__requests?method=&path=&account=` what was asked; `DELETE` forgets
 * - `POST /__accounts` `{account, action: 'revoke' | 'expire'}`; `GET` lists
 * - `GET /__mail?account=&q=` messages, newest first; `GET /__events?calendar=` events
 */
export async function control(
  request: Request,
  google: GoogleService,
  faults: Faults,
  log: RequestLog,
): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const { store } = google;
  try {
    switch (`${request.method} ${pathname}`) {
      case 'GET /__health':
        return Response.json({ ok: true });
      case 'POST /__faults': {
        const given = z.union([z.array(z.unknown()), z.unknown()]).parse(await request.json());
        const list = Array.isArray(given) ? given : [given];
        return Response.json({ ids: list.map((fault) => faults.add(fault)) });
      }
      case 'GET /__faults':
        return Response.json(faults.list());
      case 'DELETE /__faults':
        faults.clear();
        return new Response(null, { status: 204 });
      case 'GET /__requests':
        return Response.json(log.list(Object.fromEntries(searchParams)));
      case 'DELETE /__requests':
        log.clear();
        return new Response(null, { status: 204 });
      case 'GET /__accounts':
        return Response.json(store.all('accounts', ''));
      case 'POST /__accounts': {
        const { account, action } = accountRequest.parse(await request.json());
        if (action === 'revoke') revokeGrant(store, account);
        else expireAccessTokens(store, account);
        store.commit();
        return new Response(null, { status: 204 });
      }
      case 'GET /__mail':
        return Response.json(mail(google, searchParams));
      case 'GET /__events':
        return Response.json(store.all('events', searchParams.get('calendar') ?? ''));
      default:
        return Response.json({ error: 'not found' }, { status: 404 });
    }
  } catch (error) {
    if (!(error instanceof ZodError || error instanceof SyntaxError)) throw error;
    return Response.json({ error: error.message }, { status: 400 });
  }
}
