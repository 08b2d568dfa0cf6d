import { z } from 'zod';
import type { Authority } from '../contract';
import { ProviderError } from '../contract';
import type { ProviderTransport } from '../provider';
import { carriedPermissions } from './claims';
import type { MicrosoftConfig } from './config';
import { asProviderError, type CallFacts, refused, unexpectedShape } from './errors';

export type Query = Readonly<Record<string, string | number | undefined>>;

export interface CallOptions {
  readonly query?: Query;
  /** Permissions of which Microsoft accepts any one, the least first. */
  readonly takes: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SendOptions extends CallOptions {
  readonly method?: 'POST' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  /** A POST that only asks, such as a batch of reads. */
  readonly reads?: boolean;
}

/** A page of a listing. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page is, as given; absent on the last one. */
  readonly next: string | null;
  /** Where a listing that can be continued goes on next time; on its last page only. */
  readonly delta: string | null;
}

/** Microsoft Graph, over our transport: one request a call, its answer read by its shape. */
export interface Graph {
  readonly authority: Authority;
  get<Shape extends z.ZodType>(
    path: string,
    shape: Shape,
    options: CallOptions,
  ): Promise<z.output<Shape>>;
  /** @param shape of the answer, or null where none is looked at */
  send<Shape extends z.ZodType>(
    path: string,
    shape: Shape,
    options: SendOptions,
  ): Promise<z.output<Shape>>;
  /** One page; `path` may be an address that an earlier page gave. */
  page<Shape extends z.ZodType>(
    path: string,
    item: Shape,
    options: CallOptions,
  ): Promise<Page<z.output<Shape>>>;
  /** All pages, one after the other; holds one. */
  pages<Shape extends z.ZodType>(
    path: string,
    item: Shape,
    options: CallOptions,
  ): AsyncGenerator<Page<z.output<Shape>>>;
  /** The path as Graph takes it, where it stands in a body instead of being called: in a batch. */
  actual(path: string): Promise<string>;
  /** What the current token carries, or null when it cannot be read. */
  carried(): Promise<readonly string[] | null>;
  /** An address that Graph gave, as a path below its version: what a batch takes. */
  relative(address: string): string;
}

/**
 * Ids that stay the same when a message is moved.
 * Source: https://learn.microsoft.com/graph/outlook-immutable-id
 */
const immutableIds = 'IdType="ImmutableId"';

export const listing = <Shape extends z.ZodType>(item: Shape) =>
  z.object({
    value: z.array(item),
    '@odata.nextLink': z.string().optional(),
    '@odata.deltaLink': z.string().optional(),
  });

const isAddress = (path: string) => /^https?:/.test(path);

/** For answers that nobody looks at. */
export const nothing = z.unknown();

/** The operation's name on record: the path with ids left out. */
export function operationOf(method: string, path: string): string {
  const bare = path.split('?', 1)[0] ?? '';
  const words = bare
    .split('/')
    .filter((part) => /^[a-z$][a-zA-Z$.]*(\(\))?$/.test(part) || part === '')
    .join('/');
  return `graph.${method.toLowerCase()}${words || '/'}`;
}

export function graphOver(
  config: MicrosoftConfig,
  authority: Authority,
  transport: ProviderTransport,
): Graph {
  const root = new URL(`${config.graph}/`);

  /** @throws ProviderError for an address elsewhere: the token is for Graph only */
  function address(path: string, query: Query = {}): URL {
    const url = isAddress(path) ? new URL(path) : new URL(path.replace(/^\//, ''), root);
    if (url.origin !== root.origin || !url.pathname.startsWith(root.pathname)) {
      throw unexpectedShape('graph.paging');
    }
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url;
  }

  async function call<Shape extends z.ZodType>(
    method: string,
    path: string,
    shape: Shape,
    { query, takes, headers, body, reads }: SendOptions,
  ): Promise<z.output<Shape>> {
    const operation = operationOf(method, isAddress(path) ? relative(path) : path);
    const write = method !== 'GET' && reads !== true;
    try {
      const accessToken = await transport.accessToken();
      const response = await transport.fetch(address(path, query), {
        method,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${accessToken}`,
          prefer: immutableIds,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const data = await readBody(response, operation, write);
      if (!response.ok) {
        const facts: CallFacts = { authority, takes, carried: carriedPermissions(accessToken) };
        throw refused(
          operation,
          { status: response.status, headers: response.headers, data },
          facts,
          write,
        );
      }
      return shape.parse(data);
    } catch (error) {
      throw asProviderError(operation, error, write);
    }
  }

  function relative(link: string): string {
    const url = address(link);
    return `/${url.pathname.slice(root.pathname.length)}${url.search}`;
  }

  const page: Graph['page'] = async (path, item, options) => {
    const answer = await call('GET', path, listing(item), options);
    return {
      items: answer.value,
      next: answer['@odata.nextLink'] ?? null,
      delta: answer['@odata.deltaLink'] ?? null,
    };
  };

  return {
    authority,
    relative,
    actual: async (path) => path,
    carried: async () => carriedPermissions(await transport.accessToken()),
    get: (path, shape, options) => call('GET', path, shape, options),
    send: (path, shape, options) => call(options.method ?? 'POST', path, shape, options),
    page,
    async *pages(path, item, options) {
      const { query: _, ...later } = options;
      let at: string | null = path;
      while (at !== null) {
        // An address that Graph gave carries its whole query already.
        const one: Page<z.output<typeof item>> = await page(
          at,
          item,
          isAddress(at) ? later : options,
        );
        yield one;
        if (one.next !== null && one.next === at) throw endless();
        at = one.next;
      }
    },
  };
}

async function readBody(response: Response, operation: string, write: boolean): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    if (response.ok) throw unexpectedShape(operation, write);
    return null;
  }
}

function endless(): ProviderError {
  const failure = { kind: 'invalid_response', status: 200, code: 'repeated_next_link' } as const;
  return new ProviderError('microsoft', 'graph.paging', failure);
}
