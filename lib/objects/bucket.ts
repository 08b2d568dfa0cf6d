import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { checkKey, checkPrefix, type ObjectStore, ObjectStoreError } from './store';

/** A bucket of Amazon S3, or of a server that speaks its language. */
export interface BucketAddress {
  readonly bucket: string;
  /** What every key begins with there, without slashes at its ends; may be empty. */
  readonly prefix: string;
  readonly region: string;
  /** Of a server other than Amazon's. */
  readonly endpoint?: string | undefined;
  /** The bucket in the path instead of the host name; what most other servers want. */
  readonly pathStyle: boolean;
}

export interface BucketAccess {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface BucketOptions {
  /** Unset, as the SDK finds them: environment, web identity, container or instance role. */
  readonly credentials?: BucketAccess;
  /** Opens its connections, as to keep it from addresses it must not reach. */
  readonly agents?: {
    readonly httpAgent: import('node:http').Agent;
    readonly httpsAgent: import('node:https').Agent;
  };
  /** Milliseconds that one request may take. */
  readonly requestTimeout?: number;
}

/** Bytes of a part; S3 takes at least 5 MiB, and 10,000 parts: files of up to 80 GB. */
const partSize = 8 * 1024 * 1024;

interface Failure {
  readonly name?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

function faultOf(error: unknown, where: string): ObjectStoreError {
  if (error instanceof ObjectStoreError) return error;
  const { name = 'unknown', $metadata } = error as Failure;
  const status = $metadata?.httpStatusCode ?? 0;
  const refused =
    (status >= 300 && status < 500 && status !== 429) || name === 'CredentialsProviderError';
  const code = status ? `${name}, HTTP ${status}` : name;
  return refused
    ? new ObjectStoreError('refused', `${where} refuses it (${code}).`, { cause: error })
    : new ObjectStoreError('unavailable', `${where} does not answer (${code}).`, { cause: error });
}

const isAbsent = (error: unknown): boolean => (error as Failure).name === 'NoSuchKey';

async function connect(address: BucketAddress, options: BucketOptions): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  const { credentials, agents, requestTimeout = 60_000 } = options;
  return new S3Client({
    region: address.region,
    forcePathStyle: address.pathStyle,
    // The checksums that newer SDKs add by themselves are unknown to many other servers.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    followRegionRedirects: false,
    maxAttempts: 3,
    requestHandler: { requestTimeout, connectionTimeout: 5_000, ...agents },
    ...(address.endpoint ? { endpoint: address.endpoint } : {}),
    ...(credentials ? { credentials } : {}),
  });
}

/**
 * Files in a bucket. Streams go up in parts, and are there once the last one is; retention needs a
 * bucket with object lock.
 */
export function bucketStore(address: BucketAddress, options: BucketOptions = {}): ObjectStore {
  const where = `bucket ${address.bucket}${address.endpoint ? ` at ${new URL(address.endpoint).host}` : ''}`;
  const lead = address.prefix === '' ? '' : `${address.prefix}/`;
  let client: Promise<S3Client> | undefined;
  const connected = () => {
    client ??= connect(address, options);
    return client;
  };
  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw faultOf(error, where);
    }
  };
  const named = (key: string) => ({ Bucket: address.bucket, Key: lead + checkKey(key) });

  return {
    where,
    async put(key, body, { contentType, retainUntil } = {}) {
      const params = {
        ...named(key),
        Body: body instanceof Readable ? body : Buffer.from(body),
        ContentType: contentType ?? 'application/octet-stream',
        ...(retainUntil
          ? {
              ObjectLockMode: 'COMPLIANCE' as const,
              ObjectLockRetainUntilDate: retainUntil,
              // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html: a checksum is
              // required with object lock.
              ChecksumAlgorithm: 'CRC32' as const,
            }
          : {}),
      };
      const { Upload } = await import('@aws-sdk/lib-storage');
      const s3 = await connected();
      let broken: unknown;
      if (body instanceof Readable)
        body.once('error', (error) => {
          broken = error;
        });
      try {
        await new Upload({ client: s3, params, partSize, queueSize: 2 }).done();
      } catch (error) {
        throw broken ?? faultOf(error, where);
      }
    },
    async get(key) {
      const params = named(key);
      const { GetObjectCommand } = await import('@aws-sdk/client-s3');
      const s3 = await connected();
      return told(async () => {
        try {
          const { Body, ContentLength } = await s3.send(new GetObjectCommand(params));
          return { body: Body as Readable, size: ContentLength ?? 0 };
        } catch (error) {
          if (isAbsent(error)) return null;
          throw error;
        }
      });
    },
    async *list(prefix) {
      checkPrefix(prefix);
      const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
      const s3 = await connected();
      let ContinuationToken: string | undefined;
      do {
        const command = new ListObjectsV2Command({
          Bucket: address.bucket,
          Prefix: lead + prefix,
          ...(ContinuationToken ? { ContinuationToken } : {}),
        });
        const page = await told(() => s3.send(command));
        for (const { Key = '', Size = 0, LastModified = new Date(0) } of page.Contents ?? []) {
          yield { key: Key.slice(lead.length), size: Size, modifiedAt: LastModified };
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
    },
    async delete(key) {
      const params = named(key);
      const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
      const s3 = await connected();
      await told(() => s3.send(new DeleteObjectCommand(params)));
    },
  };
}
