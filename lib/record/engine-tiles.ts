import { record as store, type TenantId } from '@/db';
import type { LoadTiles } from './tree';

/** Gets any tenant's tiles, as the engine's role. */
export function engineTiles(tenantId: TenantId): LoadTiles {
  return async (places) => {
    const reader = store.recordReader();
    const found = await Promise.all(
      places.map(async ({ level, position }) => {
        const [tile] = await store.tilesFrom(reader, tenantId, level, position, 1);
        return tile?.position === position ? { level, position, hashes: tile.hashes } : null;
      }),
    );
    return found.filter((tile) => tile !== null);
  };
}
