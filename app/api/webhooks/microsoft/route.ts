import { publicRoute } from '@/lib/access';
import { receiveGraphNotice } from '@/lib/connections';

/** Microsoft Graph's notices: each brings the secret of the subscription that it is about. */
export const POST = publicRoute({}, ({ request, facts }) => receiveGraphNotice({ request, facts }));
