import { publicRoute } from '@/lib/access';
import { readiness } from '@/lib/observability';

/** Whether the process can take work: database, engine and key store answer, and it is not stopping. */
export const GET = publicRoute({}, async () => {
  const state = await readiness();
  return Response.json(state, {
    status: state.ready ? 200 : 503,
    headers: { 'cache-control': 'no-store' },
  });
});
