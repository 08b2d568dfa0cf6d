/** Milliseconds between looks. */
const interval = 500;

/**
 * Under `npm start` we are npm's child, and npm may be killed in a way that it cannot pass on. The
 * system then gives us another parent; going on without a terminal would only hold the port.
 * Started directly, a change of parent is how people put a program in the background.
 */
export function watchParent(onGone: () => void): void {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, interval);
  timer.unref();
}
