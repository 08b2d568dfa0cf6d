import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { type AnswerBounds, cutAnswers, inTime, OutOfBounds } from './bounds';
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
  /** For a server of somebody else's; without them the server is the operator's own. */
  readonly bounds?: AnswerBounds;
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
  if (error instanceof OutOfBounds) {
    return new ObjectStoreError('unavailable', `${where} ${error.reason}.`, { cause: error });
  }
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
  const { credentials, agents, bounds } = options;
  const client = new S3Client({
    region: address.region,
    forcePathStyle: address.pathStyle,
    // The checksums that newer SDKs add by themselves are unknown to many other servers.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    followRegionRedirects: false,
    // A server may ask for a pause before a further attempt, of any length.
    maxAttempts: bounds ? 1 : 3,
    requestHandler: {
      connectionTimeout: 5_000,
      ...(bounds
        ? {
            requestTimeout: bounds.milliseconds,
            throwOnRequestTimeout: true,
            socketTimeout: bounds.milliseconds,
          }
        : { requestTimeout: 60_000 }),
      ...agents,
    },
    ...(address.endpoint ? { endpoint: address.endpoint } : {}),
    ...(credentials ? { credentials } : {}),
  });
  if (bounds) cutAnswers(client, bounds.bytes);
  return client;
}

type Put = import('@aws-sdk/client-s3').PutObjectCommandInput;

/** Parts of a stream; what went up of one that is given up is deleted. */
async function putParts(client: S3Client, params: Put, signal?: AbortSignal): Promise<void> {
  const { Upload } = await import('@aws-sdk/lib-storage');
  const upload = new Upload({ client, params, partSize, queueSize: 2 });
  signal?.addEventListener('abort', () => void upload.abort(), { once: true });
  await upload.done();
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
  type Work<T> = (options: { readonly abortSignal?: AbortSignal }) => Promise<T>;
  const told = async <T>(work: Work<T>): Promise<T> => {
    try {
      return await inTime(options.bounds?.milliseconds, work);
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
      const { PutObjectCommand } = await import('@aws-sdk/client-s3');
      const s3 = await connected();
      if (!(body instanceof Readable)) {
        await told((within) => s3.send(new PutObjectCommand(params), within));
        return;
      }
      let broken: unknown;
      body.once('error', (error) => {
        broken = error;
      });
      try {
        await told(({ abortSignal }) => putParts(s3, params, abortSignal));
      } catch (error) {
        throw broken ?? error;
      }
    },
    async get(key) {
      const params = named(key);
      const { GetObjectCommand } = await import('@aws-sdk/client-s3');
      const s3 = await connected();
      return told(async (within) => {
        try {
          const { Body, ContentLength } = await s3.send(new GetObjectCommand(params), within);
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
        const page = await told((within) => s3.send(command, within));
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
      await told((within) => s3.send(new DeleteObjectCommand(params), within));
    },
  };
}
