import { badRequest } from '../errors';
import type { App } from '../login';
import type { SeedOptions } from '../seed';
import type { Store } from '../state';
import { directoryRoutes } from './directory';

/** What answers at graph.microsoft.com, as far as the adapter goes. */
export function graphService(app: App, store: Store, baseUrl: string, _seed: SeedOptions): void {
  directoryRoutes(app, store, baseUrl);
  for (const method of ['get', 'post', 'patch', 'delete'] as const) {
    app[method]('/v1.0/*', ({ req }) => {
      const segment = new URL(req.url).pathname.split('/').at(-1) ?? '';
      return badRequest(`Resource not found for the segment '${segment}'.`).response();
    });
  }
}
