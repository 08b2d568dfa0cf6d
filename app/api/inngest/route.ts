import { publicRoute } from '@/lib/access';
import { handleFunctionRequest } from '@/lib/functions';

export const GET = publicRoute({}, ({ request }) => handleFunctionRequest(request));
export const POST = publicRoute({}, ({ request }) => handleFunctionRequest(request));
export const PUT = publicRoute({}, ({ request }) => handleFunctionRequest(request));
