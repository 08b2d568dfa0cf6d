import { publicRoute } from '@/lib/access';
import { exportMetrics, requireMetricsToken } from '@/lib/observability';

/** Prometheus' text format; for those who hold the token. */
export const GET = publicRoute({}, async ({ request }) => {
  requireMetricsToken(request.headers.get('authorization'));
  const { body, contentType } = await exportMetrics();
  return new Response(body, {
    headers: { 'content-type': contentType, 'cache-control': 'no-store' },
  });
});
