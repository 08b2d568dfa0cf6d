import { staffRoute } from '@/lib/access';
import { searchPalette } from '@/lib/console';
import { paletteQuery } from '@/lib/palette';

export const GET = staffRoute({ role: 'support', query: paletteQuery }, ({ staff, query }) =>
  searchPalette(staff, query.q),
);
