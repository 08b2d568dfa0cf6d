import type { App } from '../login';
import type { SeedOptions } from '../seed';
import { LazyContents } from '../seed/lazy';
import type { Store } from '../state';
import { batchRoute } from './batch';
import { calendarRoutes } from './calendar';
import { directoryRoutes } from './directory';
import { driveRoutes } from './drives';
import { mailRoutes } from './mail';
import { mailSendRoutes } from './mail-send';
import { subscriptionRoutes } from './subscriptions';
import { teamRoutes } from './teams';

/**
 * What answers at graph.microsoft.com, as far as the adapter goes.
 * @param fetch_ asks this very service, for the steps of a batch
 */
export function graphService(
  app: App,
  store: Store,
  baseUrl: string,
  seed: SeedOptions,
  fetch_: (request: Request) => Promise<Response>,
): void {
  const lazy = new LazyContents(store, seed);
  batchRoute(app, store, baseUrl, fetch_);
  directoryRoutes(app, store, baseUrl);
  mailRoutes(app, store, baseUrl, ({ tid, owner }) => lazy.mailbox(tid, owner));
  mailSendRoutes(app, store, baseUrl, ({ tid, owner }) => lazy.mailbox(tid, owner));
  calendarRoutes(app, store, baseUrl, ({ tid, owner }) => lazy.calendars(tid, owner));
  driveRoutes(app, store, baseUrl, lazy);
  teamRoutes(app, store, baseUrl);
  subscriptionRoutes(app, store, baseUrl);
}
