import type { PreparedDatabase } from '@/db/migrate';
import { kysely } from './peers/kysely';
import type { Peer } from './peers/peer';
import { drizzleAsDocumented, drizzleWithout } from './peers/postgres-js';
import { prisma } from './peers/prisma';
import { zenstack } from './peers/zenstack';

export { floor, floorOver } from './peers/postgres-js';

/** How others do it, each as its own documentation says. */
export function peers(urls: PreparedDatabase, max: number): readonly Peer[] {
  return [drizzleWithout, drizzleAsDocumented, kysely, zenstack, prisma].map((peer) =>
    peer(urls, max),
  );
}
