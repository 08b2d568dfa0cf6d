/**
 * Advisory locks of the engine. The two-number form keeps them apart from everybody else's: the
 * first number is ours ("tntr" as bytes), the second a worker's id, or 0 for the queue.
 */
export const lockClass = 0x746e_7472;

/**
 * Begin a transaction that has the queue to itself: limits counted over held runs cannot be overrun,
 * and a cancelling event finds the runs of every event before it.
 *
 * It does not wait for the disk: what it decides is decided anew if a crash takes it back, and every
 * later commit that does wait brings it to the disk as well. Its statements are planned once, since
 * planning them takes longer than executing them.
 */
export const beginTurn = `
  begin; set local synchronous_commit = off; set local plan_cache_mode = force_generic_plan;
  select pg_advisory_xact_lock(${lockClass}, 0)`;
