import { z } from 'zod';
import { ProviderError } from '../contract';
import { classifyRefusal } from './errors';
import type { Graph } from './graph';

/** Most requests in one (https://learn.microsoft.com/graph/json-batching). */
export const batchSize = 20;

const answers = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.number().int(),
      headers: z.record(z.string(), z.string()).default({}),
      body: z.unknown(),
    }),
  ),
});

export interface BatchRead<Shape extends z.ZodType> {
  /** Below the version, with its query. */
  readonly path: string;
  readonly shape: Shape;
  readonly takes: readonly string[];
}

/** An answer, or that this one thing is out of reach (403 or 404) while all else is fine. */
export type BatchAnswer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ProviderError };

/**
 * Read up to twenty things at once, answers in the order of the questions. What was throttled or
 * failed on Microsoft's side is asked again by itself, so that the door can wait and renew as usual.
 * @throws ProviderError for what concerns more than the one thing
 */
export async function readBatch<Shape extends z.ZodType>(
  graph: Graph,
  reads: readonly BatchRead<Shape>[],
): Promise<BatchAnswer<z.output<Shape>>[]> {
  if (reads.length === 0) return [];
  const requests = await Promise.all(
    reads.map(async ({ path }, at) => ({
      id: String(at),
      method: 'GET',
      url: await graph.actual(path),
      headers: { prefer: 'IdType="ImmutableId"' },
    })),
  );
  const takes = reads[0]?.takes ?? [];
  const { responses } = await graph.send('/$batch', answers, {
    body: { requests },
    takes,
    reads: true,
  });
  const byId = new Map(responses.map((response) => [response.id, response]));
  const results: BatchAnswer<z.output<Shape>>[] = [];
  for (const [at, read] of reads.entries()) {
    const response = byId.get(String(at));
    const parsed = response?.status === 200 ? read.shape.safeParse(response.body) : undefined;
    results.push(
      parsed?.success ? { ok: true, value: parsed.data } : await again(graph, read, response),
    );
  }
  return results;
}

type Response = z.output<typeof answers>['responses'][number];

/** The refusal of a step that is out of reach for good, while all else is fine; null for any other. */
async function ownRefusal(
  graph: Graph,
  { status, headers, body }: Response,
  takes: readonly string[],
): Promise<ProviderError | null> {
  if (status !== 403 && status !== 404 && status !== 410) return null;
  const facts = { authority: graph.authority, takes, carried: await graph.carried() };
  const refusal = { status, headers: new Headers(headers), data: body };
  const failure = classifyRefusal(refusal, facts);
  if (failure.kind !== 'forbidden' && failure.kind !== 'not_found') return null;
  return new ProviderError('microsoft', 'graph.batch', failure);
}

/** One by itself, unless its refusal says already that it is out of reach for good. */
async function again<Shape extends z.ZodType>(
  graph: Graph,
  { path, shape, takes }: BatchRead<Shape>,
  response: Response | undefined,
): Promise<BatchAnswer<z.output<Shape>>> {
  const error = response ? await ownRefusal(graph, response, takes) : null;
  if (error) return { ok: false, error };
  try {
    return { ok: true, value: await graph.get(path, shape, { takes }) };
  } catch (error) {
    const own =
      error instanceof ProviderError &&
      (error.kind === 'forbidden' || error.kind === 'not_found' || isResync(error));
    if (!own) throw error;
    return { ok: false, error };
  }
}

/** A cursor that is no longer good: everything has to be listed anew. */
export function isResync({ failure }: ProviderError): boolean {
  const codes =
    /^(syncStateNotFound|SyncStateInvalid|resyncRequired|resyncChanges\w+|ResyncRequired)$/i;
  return failure.status === 410 || (failure.status === 400 && codes.test(failure.code ?? ''));
}
