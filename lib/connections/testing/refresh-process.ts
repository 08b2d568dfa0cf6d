import type { ConnectionId, TenantId } from '@/db';
import { accessToken } from '../tokens';
import { testWay } from './provider';

/**
 * A process of its own that wants an access token, told by its arguments: tenant, connection.
 * Begins when its standard input says so; prints the token.
 */
const [tenantId, connectionId] = process.argv.slice(2) as [TenantId, ConnectionId];
process.stdout.write('ready\n');
process.stdin.once('data', async () => {
  const token = await accessToken({
    context: {
      tenantId,
      actor: { type: 'system', id: null, name: 'Test' },
      requestId: `process-${process.pid}`,
    },
    connectionId,
    way: testWay(),
    fetch,
  });
  process.stdout.write(`token ${token}\n`);
  process.exit(0);
});
