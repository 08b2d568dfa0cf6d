import type { ConnectionId, TenantId } from '@/db';
import { type Authority, findWay, type ProviderKey } from '@/lib/providers';
import { accessToken } from '../tokens';

/**
 * A process of its own in which many want an access token at the same moment, told by its arguments:
 * tenant, connection, provider, authority, how many, and `dies` if it is to be killed between the
 * provider's answer and our record of it. Begins when its standard input says so; prints the tokens.
 */
const [tenantId, connectionId, provider, authority, count, ending] = process.argv.slice(2) as [
  TenantId,
  ConnectionId,
  ProviderKey,
  Authority,
  string,
  string | undefined,
];

const dies: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  await response.arrayBuffer();
  process.kill(process.pid, 'SIGKILL');
  return response;
};

process.stdout.write('ready\n');
process.stdin.once('data', async () => {
  const way = findWay(provider, authority);
  if (!way) throw new Error('there is no such way');
  const want = () =>
    accessToken({
      context: {
        tenantId,
        actor: { type: 'system', id: null, name: 'Test' },
        requestId: `process-${process.pid}`,
      },
      connectionId,
      way,
      fetch: ending === 'dies' ? dies : fetch,
    });
  const tokens = await Promise.all(Array.from({ length: Number(count) }, want));
  process.stdout.write(`${tokens.length} ${[...new Set(tokens)].join(' ')}\n`);
  process.exit(0);
});
