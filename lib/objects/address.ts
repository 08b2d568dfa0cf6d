import { resolve } from 'node:path';
import type { BucketAddress } from './bucket';
import { checkPrefix, ObjectStoreError } from './store';

export type ObjectsAddress =
  | { readonly kind: 'directory'; readonly path: string }
  | ({ readonly kind: 'bucket' } & BucketAddress);

const wrong = (address: string, why: string) =>
  new ObjectStoreError('bad_address', `OBJECTS_URL: ${why} (${address}).`);

function bucketOf(address: string): ObjectsAddress {
  if (!URL.canParse(address)) throw wrong(address, 'it cannot be read');
  const { hostname, pathname, searchParams, username, password } = new URL(address);
  if (username || password)
    throw wrong('s3://…', 'access keys belong in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  if (!hostname) throw wrong(address, 'it names no bucket');
  const known = ['region', 'endpoint', 'path-style'];
  const strange = [...searchParams.keys()].find((name) => !known.includes(name));
  if (strange) throw wrong(address, `${strange} means nothing here`);
  const endpoint = searchParams.get('endpoint') ?? undefined;
  if (endpoint !== undefined && !/^https?:\/\//.test(endpoint)) {
    throw wrong(address, 'the endpoint is no http address');
  }
  const pathStyle = searchParams.get('path-style');
  return {
    kind: 'bucket',
    bucket: hostname,
    prefix: checkPrefix(pathname.replace(/^\/+|\/+$/g, '')),
    region: searchParams.get('region') ?? 'us-east-1',
    endpoint,
    pathStyle: pathStyle === null ? endpoint !== undefined : pathStyle === '1',
  };
}

/**
 * Where files are kept: `dir:<path>`, or `s3://<bucket>/<prefix>` with `region`, `endpoint` and
 * `path-style` (0 or 1) in its query.
 * @throws ObjectStoreError `bad_address`
 */
export function parseObjectsUrl(address: string): ObjectsAddress {
  if (address.startsWith('s3://')) return bucketOf(address);
  if (address.startsWith('dir:')) {
    const path = address.slice('dir:'.length);
    if (path !== '') return { kind: 'directory', path: resolve(path) };
  }
  throw wrong(address, 'give dir:<path> or s3://<bucket>/<prefix>');
}
