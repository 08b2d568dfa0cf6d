import { pipeline, type Readable, Transform } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';

/** What a server that we have no reason to trust may take of us. */
export interface AnswerBounds {
  /** Until a request is over, its answer read. */
  readonly milliseconds: number;
  /** Of the body of an answer. */
  readonly bytes: number;
}

/** A server that takes too long, or does not stop talking. */
export class OutOfBounds extends Error {
  override readonly name = 'OutOfBounds';
  /** What it does, to be said after its name. The SDK adds to the message of what it passes on. */
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** The same body, which breaks when there is more of it than may be. */
function cut(body: Readable, most: number): Readable {
  let seen = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > most) done(new OutOfBounds('answers at too great a length'));
      else done(null, chunk);
    },
  });
  // Whoever reads is told by the stream itself; the connection goes with it.
  pipeline(body, counted, () => {});
  return counted;
}

/** The SDK reads answers into memory, whatever their length: cut them before it sees them. */
export function cutAnswers(client: S3Client, most: number): void {
  const handler = client.config.requestHandler;
  const handle = handler.handle.bind(handler);
  handler.handle = async (request, options) => {
    const answer = await handle(request, options);
    answer.response.body = cut(answer.response.body as Readable, most);
    return answer;
  };
}

/**
 * Work that is over in time, or is given up: what it waits for is broken off.
 * @param milliseconds undefined: as long as it takes
 * @throws OutOfBounds
 */
export async function inTime<T>(
  milliseconds: number | undefined,
  work: (options: { readonly abortSignal?: AbortSignal }) => Promise<T>,
): Promise<T> {
  if (milliseconds === undefined) return work({});
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new OutOfBounds('does not answer in time'));
      abort.abort();
    }, milliseconds);
  });
  try {
    // Not only the signal: what ignores it must not hold us either.
    return await Promise.race([work({ abortSignal: abort.signal }), late]);
  } finally {
    clearTimeout(timer);
  }
}
