import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { engine } from '@/db';
import { LostRunError } from './errors';
import { type Operation, operations } from './operation';

/** What the SDK says while a function runs: these steps are done, go on when they are kept. */
export type Checkpoint = (steps: readonly Operation[]) => Promise<void>;

const checkpoints = new Map<string, Checkpoint>();

/** Listen for checkpoints of one call until the returned function is called. */
export function onCheckpoint(callId: string, keep: Checkpoint): () => void {
  checkpoints.set(callId, keep);
  return () => checkpoints.delete(callId);
}

/** Ids and names are index keys: short, and without what the database cannot store. */
const label = z
  .string()
  .min(1)
  .max(255)
  .refine((text) => !text.includes('\0'), 'must not contain NUL');

const sentEvents = z.array(
  z.looseObject({
    id: label.nullish(),
    name: label,
    data: z.record(z.string(), z.unknown()).default({}),
    ts: z.number().optional(),
  }),
);

const sentCheckpoint = z.object({ qi_id: z.string(), steps: operations });

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json' },
  });

/** The SDK's seed makes its own retries of one send arrive with the same ids. */
function eventId(seed: string | null, position: number): string {
  if (seed === null) return randomUUID();
  return createHash('sha256').update(`${seed},${position}`).digest('hex').slice(0, 40);
}

async function takeEvents(body: unknown, seed: string | null): Promise<Response> {
  const parsed = sentEvents.safeParse(body);
  if (!parsed.success) {
    return json({ ids: [], status: 400, error: z.prettifyError(parsed.error) }, 400);
  }
  const events = parsed.data.map((event, position) => {
    const id = event.id || eventId(seed, position);
    const payload = JSON.stringify({ ...event, id, ts: event.ts ?? Date.now() });
    return { id, name: event.name, payload };
  });
  await engine.insertEvents(engine.engineStore(), events);
  return json({ ids: events.map(({ id }) => id), status: 200 });
}

/** Without a body, so each may be given any number of times. 409: the run is no longer its own. */
const kept = new Response(null, { status: 204 });
const lost = new Response(null, { status: 409 });

async function takeCheckpoint(body: unknown): Promise<Response> {
  const { qi_id, steps } = sentCheckpoint.parse(body);
  try {
    await checkpoints.get(qi_id)?.(steps);
    return checkpoints.has(qi_id) ? kept : lost;
  } catch (error) {
    if (error instanceof LostRunError) return lost;
    throw error;
  }
}

/**
 * `fetch` for the SDK in embedded mode: what it would tell Inngest goes to the engine in this
 * process and database. Nothing leaves by the network, whatever the SDK asks for.
 */
export const embeddedFetch: typeof fetch = async (input, init) => {
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
  if (/^\/e\/[^/]+$/.test(pathname)) {
    return takeEvents(body, new Headers(init?.headers).get('x-inngest-event-id-seed'));
  }
  if (/^\/v1\/checkpoint\/[^/]+\/async$/.test(pathname)) return takeCheckpoint(body);
  return json({ error: `The embedded engine has no ${pathname}.`, status: 501 }, 501);
};
