import { publicRoute } from '@/lib/access';

/** Whether the process lives: asks nobody. */
export const GET = publicRoute({}, async () => ({ status: 'live' }));
