import { z } from 'zod';
import { staffRoute } from '@/lib/access';
import { listCampaigns } from '@/lib/campaigns';
import { cursorParameter } from '@/lib/paging';

export const GET = staffRoute(
  { role: 'support', query: z.object({ cursor: cursorParameter }) },
  ({ staff, query }) => listCampaigns(staff, query.cursor),
);
