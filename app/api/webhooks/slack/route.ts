import { publicRoute } from '@/lib/access';
import { receiveSlackEvent } from '@/lib/connections';

/** Slack's Events API: who is asking is told by its signature alone. */
export const POST = publicRoute({}, ({ request, facts }) => receiveSlackEvent({ request, facts }));
