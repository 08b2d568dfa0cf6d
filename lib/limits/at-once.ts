import { perProcess } from '@/lib/observability';
import { RetryLater } from './retry-later';

interface Place {
  taken: number;
  readonly queue: (() => void)[];
}
const places = perProcess<Map<string, Place>>('calls-at-once', () => new Map());

/** Milliseconds that a call waits for its turn at most. */
const longestWaitMs = 30_000;

/**
 * Do at most so many things of a kind at once in this process; the rest queues up in memory, holding
 * nothing else. What other processes do at the same time the provider itself bounds, by 429.
 * @throws RetryLater after half a minute in the queue
 */
export async function atOnce<Result>(
  key: string,
  limit: number | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  if (limit === undefined) return work();
  const place = places.get(key) ?? { taken: 0, queue: [] };
  places.set(key, place);
  if (place.taken < limit) place.taken += 1;
  else await turn(place);
  try {
    return await work();
  } finally {
    const next = place.queue.shift();
    if (next) next();
    else {
      place.taken -= 1;
      if (place.taken === 0) places.delete(key);
    }
  }
}

function turn(place: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    const mine = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      const at = place.queue.indexOf(mine);
      if (at >= 0) place.queue.splice(at, 1);
      reject(new RetryLater(5, 'Too many calls to this mailbox are under way'));
    }, longestWaitMs);
    place.queue.push(mine);
  });
}
