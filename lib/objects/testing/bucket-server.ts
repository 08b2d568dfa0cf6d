import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signatureFault } from './signature';

export interface KeptObject {
  readonly body: Buffer;
  readonly contentType: string;
  readonly at: Date;
  readonly retainUntil: Date | null;
}

export interface BucketServer {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** By `<bucket>/<key>`. */
  readonly objects: Map<string, KeptObject>;
  /** How many uploads in parts were begun. */
  readonly uploads: { begun: number; open: Map<string, Map<number, Buffer>> };
  /** Answer everything with this status instead, until it is null again. */
  fail: number | null;
  stop(): Promise<void>;
}

const xml = (text: string) => `<?xml version="1.0" encoding="UTF-8"?>${text}`;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function answer(response: ServerResponse, status: number, text = '', headers = {}): ServerResponse {
  return response.writeHead(status, { 'content-type': 'application/xml', ...headers }).end(text);
}

const refuse = (response: ServerResponse, status: number, code: string) =>
  answer(response, status, xml(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`));

function listing(server: BucketServer, bucket: string, url: URL): string {
  const prefix = `${bucket}/${url.searchParams.get('prefix') ?? ''}`;
  const after = url.searchParams.get('continuation-token') ?? '';
  const most = 2;
  const keys = [...server.objects.keys()]
    .filter((key) => key.startsWith(prefix) && key > after)
    .toSorted();
  const shown = keys.slice(0, most);
  const contents = shown.map((key) => {
    const { body, at } = server.objects.get(key) as KeptObject;
    return `<Contents><Key>${key.slice(bucket.length + 1)}</Key><Size>${body.length}</Size><LastModified>${at.toISOString()}</LastModified></Contents>`;
  });
  const next =
    keys.length > most ? `<NextContinuationToken>${shown.at(-1)}</NextContinuationToken>` : '';
  return xml(
    `<ListBucketResult><IsTruncated>${next !== ''}</IsTruncated>${contents.join('')}${next}</ListBucketResult>`,
  );
}

function keep(server: BucketServer, name: string, request: IncomingMessage, body: Buffer): void {
  const until = request.headers['x-amz-object-lock-retain-until-date'];
  server.objects.set(name, {
    body,
    contentType: request.headers['content-type'] ?? '',
    at: new Date(),
    retainUntil: until ? new Date(String(until)) : null,
  });
}

/** Uploads in parts: begun, each part, ended, given up. */
function parts(
  server: BucketServer,
  name: string,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): boolean {
  if (request.method === 'POST' && url.searchParams.has('uploads')) {
    server.uploads.begun += 1;
    const id = `upload-${server.uploads.begun}`;
    server.uploads.open.set(id, new Map());
    answer(
      response,
      200,
      xml(
        `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
      ),
    );
    return true;
  }
  const id = url.searchParams.get('uploadId');
  const open = id === null ? undefined : server.uploads.open.get(id);
  if (id === null || !open) return false;
  if (request.method === 'PUT') {
    open.set(Number(url.searchParams.get('partNumber')), body);
    answer(response, 200, '', { etag: `"${body.length}"` });
  } else if (request.method === 'POST') {
    const ordered = [...open].toSorted(([a], [b]) => a - b).map(([, part]) => part);
    keep(server, name, request, Buffer.concat(ordered));
    server.uploads.open.delete(id);
    answer(response, 200, xml('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>'));
  } else {
    server.uploads.open.delete(id);
    answer(response, 204);
  }
  return true;
}

function one(
  server: BucketServer,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): ServerResponse {
  const kept = server.objects.get(name);
  if (request.method === 'PUT') {
    const locked = request.headers['x-amz-object-lock-mode'] !== undefined;
    const checked = Object.keys(request.headers).some((header) =>
      /^x-amz-checksum-|^content-md5$/.test(header),
    );
    if (locked && !checked) return refuse(response, 400, 'InvalidRequest');
    keep(server, name, request, body);
    return answer(response, 200, '', { etag: `"${body.length}"` });
  }
  if (request.method === 'DELETE') {
    if (kept?.retainUntil && kept.retainUntil > new Date())
      return refuse(response, 403, 'AccessDenied');
    server.objects.delete(name);
    return answer(response, 204);
  }
  if (!kept) return refuse(response, 404, 'NoSuchKey');
  response.writeHead(200, { 'content-type': kept.contentType, 'content-length': kept.body.length });
  return response.end(request.method === 'HEAD' ? undefined : kept.body);
}

/**
 * A stand-in for a bucket's server, by HTTP on loopback: buckets in the path, signatures checked,
 * uploads in parts, retention, lists of two at a time.
 */
export async function startBucketServer(): Promise<BucketServer> {
  const keys = { accessKeyId: 'AKIATEST', secretAccessKey: 'test-secret' };
  const http: Server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void bodyOf(request).then((body) => {
      if (server.fail !== null) return refuse(response, server.fail, 'SlowDown');
      const fault = signatureFault(request, body, keys);
      if (fault) return refuse(response, 403, fault);
      const url = new URL(request.url ?? '/', 'http://localhost');
      const name = decodeURIComponent(url.pathname.slice(1));
      if (url.searchParams.has('list-type')) {
        return answer(response, 200, listing(server, name.replace(/\/$/, ''), url));
      }
      if (!parts(server, name, url, request, response, body)) {
        one(server, name, request, response, body);
      }
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server: BucketServer = {
    endpoint: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    ...keys,
    objects: new Map(),
    uploads: { begun: 0, open: new Map() },
    fail: null,
    stop: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return server;
}
