import type { StaffContext } from '@/lib/access';
import { createCustomer } from '..';

/** A process that makes a customer, told by its arguments: the member of staff, and what is asked for. */
const [staff, asked] = process.argv.slice(2) as [string, string];

await createCustomer(JSON.parse(staff) as StaffContext, JSON.parse(asked));
process.exit(0);
