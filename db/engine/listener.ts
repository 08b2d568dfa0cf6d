import type { PoolClient } from 'pg';
import { type EngineStore, eventsChannel, outboxChannel, runsChannel } from './store';

export interface ListenerEvents {
  /** Something may be there to be done. */
  onWake(channel: string): void;
  /** The connection is gone, with whatever it held. */
  onLost(error: Error): void;
}

export interface Listener {
  readonly client: PoolClient;
  /** End the session; locks it holds are free then. */
  close(): void;
}

/** A session of its own that hears the engine's notifications until it is closed or lost. */
export async function openListener(store: EngineStore, events: ListenerEvents): Promise<Listener> {
  const client = await store.connect();
  let over = false;
  const close = () => {
    if (over) return;
    over = true;
    client.release(true);
  };
  const lost = (error: Error) => {
    if (over) return;
    close();
    events.onLost(error);
  };
  client.on('error', lost);
  client.on('end', () => lost(new Error('the session with the database ended')));
  client.on('notification', ({ channel }) => events.onWake(channel));
  try {
    await client.query(`listen ${eventsChannel}; listen ${runsChannel}; listen ${outboxChannel}`);
  } catch (error) {
    close();
    throw error;
  }
  return { client, close };
}
