import { type AnswerBounds, bucketStore, ObjectStoreError } from '@/lib/objects';
import { asDeliveryError, DeliveryError, reasonOf } from './errors';
import { checkUrl, guardedAgents } from './reach';

export interface BucketTarget {
  readonly bucket: string;
  readonly region: string;
  readonly prefix: string;
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** S3 answers a file with a few headers, and a refusal with a page of XML. */
const answerBounds: AnswerBounds = { milliseconds: 15_000, bytes: 64 * 1024 };

function deepest(error: unknown): unknown {
  const { cause } = error as { cause?: unknown };
  return cause === undefined ? error : deepest(cause);
}

/** In words that do not say which bucket it is: staff read them too. */
function told(error: unknown, where: string): DeliveryError {
  if (!(error instanceof ObjectStoreError)) return asDeliveryError(error);
  const cause = deepest(error);
  if (cause instanceof DeliveryError) return cause;
  const said = reasonOf(cause) ?? error.message.replace(where, 'It');
  return new DeliveryError(said, { cause: error });
}

/**
 * Put a file into somebody's bucket.
 * @param key behind the prefix
 * @param bounds what their server may take of us
 * @throws DeliveryError
 */
export async function sendToBucket(
  target: BucketTarget,
  key: string,
  body: string,
  bounds = answerBounds,
): Promise<void> {
  const { bucket, region, prefix, endpoint, accessKeyId, secretAccessKey } = target;
  if (endpoint !== '') checkUrl(endpoint);
  const agents = guardedAgents();
  const store = bucketStore(
    { bucket, region, prefix, endpoint: endpoint || undefined, pathStyle: endpoint !== '' },
    { credentials: { accessKeyId, secretAccessKey }, agents, bounds },
  );
  try {
    await store.put(key, body, { contentType: 'application/x-ndjson' });
  } catch (error) {
    throw told(error, store.where);
  } finally {
    agents.httpAgent.destroy();
    agents.httpsAgent.destroy();
  }
}
