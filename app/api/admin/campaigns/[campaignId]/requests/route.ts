import { staffRoute } from '@/lib/access';
import { browseRequests, campaignParams, requestFilter } from '@/lib/campaigns';
import { cursorParameter } from '@/lib/paging';

export const GET = staffRoute(
  {
    role: 'support',
    params: campaignParams,
    query: requestFilter.extend({ cursor: cursorParameter }),
  },
  ({ staff, params, query: { cursor, ...filter } }) =>
    browseRequests(staff, { ...params, ...filter }, cursor),
);
