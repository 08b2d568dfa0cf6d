import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bucketStore, directoryStore, type ObjectStore, objectStore, parseObjectsUrl } from '.';
import { type BucketServer, startBucketServer } from './testing/bucket-server';

let server: BucketServer;
let root: string;
const stores: Record<string, () => ObjectStore> = {
  directory: () => directoryStore(root),
  bucket: () => bucketAs(server.secretAccessKey),
};

function bucketAs(secretAccessKey: string): ObjectStore {
  const { endpoint, accessKeyId } = server;
  return bucketStore(
    { bucket: 'files', prefix: 'here', region: 'eu-central-1', endpoint, pathStyle: true },
    { credentials: { accessKeyId, secretAccessKey } },
  );
}

beforeAll(async () => {
  [server, root] = await Promise.all([startBucketServer(), mkdtemp(join(tmpdir(), 'objects-'))]);
});
afterAll(async () => {
  await server.stop();
  await rm(root, { recursive: true });
});

const textOf = async (store: ObjectStore, key: string) => {
  const found = await store.get(key);
  return found && (await buffer(found.body)).toString();
};
const keysOf = async (store: ObjectStore, prefix: string) => {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
};
const inAnHour = () => new Date(Date.now() + 3_600_000);

describe.each(Object.keys(stores))('a %s', (kind) => {
  const store = () => (stores[kind] as () => ObjectStore)();

  it('gives back what was put there, and replaces it', async () => {
    await store().put('a/one.txt', 'first', { contentType: 'text/plain' });
    await store().put('a/one.txt', Readable.from([Buffer.from('sec'), Buffer.from('ond')]));
    expect(await textOf(store(), 'a/one.txt')).toBe('second');
    expect((await store().get('a/one.txt'))?.size).toBe(6);
  });

  it('has nothing at another key', async () => {
    expect(await store().get('a/none.txt')).toBeNull();
    expect(await store().get('a')).toBeNull();
  });

  it('lists by prefix, in the order of the keys, however many there are', async () => {
    for (const key of ['l/b', 'l/a/2', 'l/a/1', 'l/a.txt', 'l/c', 'm/x'])
      await store().put(key, key);
    expect(await keysOf(store(), 'l/')).toEqual(['l/a.txt', 'l/a/1', 'l/a/2', 'l/b', 'l/c']);
    expect(await keysOf(store(), 'l/a/')).toEqual(['l/a/1', 'l/a/2']);
    expect(await keysOf(store(), 'none/')).toEqual([]);
  });

  it('deletes, once and again', async () => {
    await store().put('d/x', 'x');
    await store().delete('d/x');
    await store().delete('d/x');
    expect(await store().get('d/x')).toBeNull();
  });

  it('keeps what is to stay', async () => {
    await store().put('kept/x', 'x', { retainUntil: inAnHour() });
    await expect(store().delete('kept/x')).rejects.toMatchObject({ name: 'ObjectStoreError' });
    expect(await textOf(store(), 'kept/x')).toBe('x');
  });

  it('carries more than one part unchanged', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'abcdefg');
    await store().put('big', Readable.from(Array.from({ length: 18 }, () => piece)));
    const found = await store().get('big');
    expect(found && (await buffer(found.body)).equals(Buffer.concat(Array(18).fill(piece)))).toBe(
      true,
    );
  });

  it('has nothing of a stream that broke off', async () => {
    async function* breaking() {
      yield Buffer.alloc(9 * 1024 * 1024);
      throw new Error('the source broke');
    }
    await expect(store().put('broken/x', Readable.from(breaking()))).rejects.toThrow(
      'source broke',
    );
    expect(await keysOf(store(), 'broken/')).toEqual([]);
  });

  it.each(['../x', 'a/../x', '/etc/passwd', 'a//b', '.hidden', 'a/.', 'a\\b', 'a\0b', ''])(
    'refuses the key %j',
    async (key) => {
      await expect(store().put(key, 'x')).rejects.toMatchObject({ fault: 'bad_key' });
      await expect(store().get(key)).rejects.toMatchObject({ fault: 'bad_key' });
      await expect(store().delete(key)).rejects.toMatchObject({ fault: 'bad_key' });
    },
  );
});

it('a directory forgets within a day what a killed process left half written', async () => {
  const [left, written] = [join(root, 'incoming', 'left'), join(root, 'incoming', 'written')];
  for (const path of [left, written]) await writeFile(path, 'half');
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  await utimes(left, yesterday, yesterday);
  await directoryStore(root).put('swept/x', 'x');
  expect(await readdir(join(root, 'incoming'))).toEqual(['written']);
  await rm(written);
});

it('a directory holds no half files', async () => {
  expect(await readdir(join(root, 'incoming'))).toEqual([]);
});

it('a bucket tells a wrong key from a server that does not answer', async () => {
  await expect(bucketAs('wrong').put('x', 'x')).rejects.toMatchObject({ fault: 'refused' });
  server.fail = 503;
  await expect(bucketAs(server.secretAccessKey).get('x')).rejects.toMatchObject({
    fault: 'unavailable',
  });
  server.fail = null;
});

describe('OBJECTS_URL', () => {
  it('is a directory or a bucket', () => {
    expect(parseObjectsUrl('dir:/var/files')).toEqual({ kind: 'directory', path: '/var/files' });
    expect(parseObjectsUrl('s3://files/a/b?region=eu-west-1')).toMatchObject({
      kind: 'bucket',
      bucket: 'files',
      prefix: 'a/b',
      region: 'eu-west-1',
      pathStyle: false,
    });
    expect(parseObjectsUrl('s3://files?endpoint=https://minio:9000')).toMatchObject({
      endpoint: 'https://minio:9000',
      prefix: '',
      pathStyle: true,
    });
  });

  it.each([
    'files',
    'dir:',
    's3://',
    's3://key:secret@files',
    's3://f?regoin=x',
    's3://f?endpoint=ftp://x',
  ])('is not %s', (address) => {
    expect(() => parseObjectsUrl(address)).toThrow();
  });

  it('is a directory in DATA_DIR unless set', () => {
    expect(objectStore().where).toMatch(/^directory .*objects$/);
  });
});
