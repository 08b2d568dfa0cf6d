import { hasSqlState } from '@/db';

/** SQLSTATE of a tenant context that was not signed by us, or has run out (`current_tenant()`). */
const forgedContext = 'TC001';

/** Whether the database noticed a forged context, however deep in what was thrown. */
export const isForgedContext = (thrown: unknown): boolean => hasSqlState(thrown, forgedContext);
