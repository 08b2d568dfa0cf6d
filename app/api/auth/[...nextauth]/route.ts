import { publicRoute } from '@/lib/access';
import { handleAuth } from '@/lib/auth';

export const GET = publicRoute({}, ({ request }) => handleAuth(request));
export const POST = publicRoute({}, ({ request }) => handleAuth(request));
