import { badRequest, graphError } from '../errors';
import { type App, guarded } from '../login';
import type { Store } from '../state';

/** Source: https://learn.microsoft.com/graph/json-batching */
const most = 20;

interface Asked {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

function readRequests(body: unknown): readonly Asked[] {
  const { requests } = (body ?? {}) as { requests?: unknown };
  if (!Array.isArray(requests) || requests.length === 0) {
    throw badRequest('Invalid batch payload format.');
  }
  if (requests.length > most) {
    throw badRequest(
      `Number of batch request steps exceeds the maximum value of ${most}.`,
      'MaximumValueExceeded',
    );
  }
  const ids = new Set(requests.map(({ id }) => id));
  if (ids.size < requests.length) throw badRequest('Request ids must be unique.');
  return requests as Asked[];
}

/** Parameters of the query come unencoded in a batch; a blank must not end the address. */
const addressOf = (baseUrl: string, url: string) =>
  new URL(`${baseUrl}/v1.0/${url.replace(/^\//, '')}`);

type Ask = (request: Request) => Promise<Response>;

async function answerStep(
  { id, method, url, headers, body }: Asked,
  baseUrl: string,
  authorization: string,
  ask: Ask,
) {
  const response = await ask(
    new Request(addressOf(baseUrl, url), {
      method,
      headers: { ...headers, authorization },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  return {
    id,
    status: response.status,
    headers: Object.fromEntries(response.headers),
    ...(text !== '' && { body: JSON.parse(text) }),
  };
}

/**
 * `POST /v1.0/$batch`: each step is answered as it would be by itself.
 * @param ask asks this very service
 */
export function batchRoute(app: App, store: Store, baseUrl: string, ask: Ask): void {
  app.post('/v1.0/$batch', ({ req }) =>
    guarded(store, async () => {
      const authorization = req.header('authorization');
      if (!authorization)
        throw graphError(401, 'InvalidAuthenticationToken', 'Access token is empty.');
      const steps = readRequests(await req.json());
      const responses = [];
      // One after the other: the runtime holds on to every answer that is not read yet.
      for (const step of steps) responses.push(await answerStep(step, baseUrl, authorization, ask));
      return Response.json({ responses });
    }),
  );
}
