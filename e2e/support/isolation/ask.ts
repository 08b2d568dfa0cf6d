import { Agent, request as send } from 'node:http';
import type { TestServer } from '../server';
import { saidBy } from './flight';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly requestId: string;
  /** How long it took, and when it was there. */
  readonly ms: number;
  readonly at: number;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Begin another's request on the same connection. */
  readonly agent?: Agent;
  readonly signal?: AbortSignal;
}

let asked = 0;
/** Each of the same length, so that answers that quote it are too. */
function nextRequestId(): string {
  asked += 1;
  return `isolation-${process.pid.toString(36).padStart(6, '0')}-${asked.toString(36).padStart(8, '0')}`;
}

/** Milliseconds after which an answer does not come any more. */
const patience = 60_000;

/**
 * Ask by HTTP with exactly the headers given, the Host among them if need be, following nothing.
 * @throws Error when the connection breaks, or the signal aborts
 */
export function ask(
  server: Pick<TestServer, 'port'>,
  path: string,
  { method = 'GET', headers = {}, body, agent, signal }: Question = {},
): Promise<Answer> {
  const from = performance.now();
  const own = nextRequestId();
  return new Promise((resolve, reject) => {
    let begun = false;
    const asking = send(
      {
        ...{ host: '127.0.0.1', port: server.port, path, method },
        ...{ agent: agent ?? shared, timeout: patience },
        ...(signal && { signal }),
        headers: {
          host: `localhost:${server.port}`,
          'x-request-id': own,
          ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
          ...headers,
        },
      },
      (answer) => {
        begun = true;
        const chunks: Buffer[] = [];
        answer.on('error', reject).on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const named = Object.entries(answer.headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join('\n') : (value ?? ''),
          ]);
          const all = Object.fromEntries(named) as Record<string, string>;
          resolve({
            status: answer.statusCode ?? 0,
            headers: all,
            body: Buffer.concat(chunks).toString('utf8'),
            requestId: all['x-request-id'] ?? own,
            ms: performance.now() - from,
            at: Date.now(),
          });
        });
      },
    );
    asking.on('error', (error) => {
      // Kept open by us, closed by the server meanwhile: no answer was begun, so it is asked anew.
      const stale = asking.reusedSocket && !signal?.aborted && !begun;
      if (stale && !agent)
        resolve(ask(server, path, { method, headers, ...(body !== undefined && { body }) }));
      else reject(error);
    });
    asking.on('timeout', () => asking.destroy(new Error(`${method} ${path}: no answer came`)));
    asking.end(body);
  });
}

const shared = new Agent({ keepAlive: true, maxSockets: 16 });

/** Headers that differ between any two answers. */
const changing = new Set([
  'date',
  'x-request-id',
  'content-security-policy',
  'keep-alive',
  'connection',
]);

/** What the framework writes of a page's data into a document: text, or bytes in base64. */
const piece =
  /<script(?: nonce="[^"]*")?>(?:\(self\.__next_f=self\.__next_f\|\|\[\]\)\.push\(\[0\]\)|self\.__next_f\.push\(\[([13]),("[^"\\]*(?:\\.[^"\\]*)*")\]\))<\/script>/g;

/**
 * A document without its data, and the data by itself: it comes in as many pieces as the moment makes
 * of it, wherever the document has got to meanwhile.
 */
function takenApart({ headers, body }: Answer): { readonly text: string; readonly data: Buffer } {
  if (headers['content-type']?.startsWith('text/x-component')) {
    return { text: '', data: Buffer.from(body) };
  }
  const pieces: Buffer[] = [];
  const text = body.replaceAll(piece, (_all, kind?: string, quoted?: string) => {
    const encoding = kind === '3' ? 'base64' : 'utf8';
    if (quoted) pieces.push(Buffer.from(JSON.parse(quoted) as string, encoding));
    return '';
  });
  return { text, data: Buffer.concat(pieces) };
}

/**
 * Everything of an answer but what differs between any two: the request's id, the nonce, the names
 * that the framework gives by chance. `ids` are those that were asked for.
 */
export function essenceOf(answer: Answer, ids: readonly string[] = []) {
  const nonce = /'nonce-([^']+)'/.exec(answer.headers['content-security-policy'] ?? '')?.[1];
  const known = [nonce, answer.requestId, ...ids].filter((each): each is string => Boolean(each));
  const plain = (text: string) =>
    known
      .reduce((left, each) => left.replaceAll(each, 'known'), text)
      // The server's clock, as some answers tell it: between the question and the answer.
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (at) => {
        const before = answer.at - Date.parse(at);
        return before > -100 && before < answer.ms + 100 ? 'now' : at;
      })
      .replaceAll(/[\w-]{21}(?=[vm]\\?")/g, 'chance');
  const { text, data } = takenApart(answer);
  const parts = saidBy(data).map(plain);
  return {
    status: answer.status,
    headers: Object.entries(answer.headers)
      .filter(([name]) => !changing.has(name))
      .map(([name, value]) => `${name}: ${plain(value)}`)
      .sort(),
    bytes: Buffer.byteLength(text) + Buffer.byteLength(parts.join('')),
    parts: [...text.split('\n').map(plain), ...parts].sort(),
  };
}
