/** Runs once when a server process starts; the work is in a module that only Node loads. */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: the compiler replaces this very expression
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { startProcess } = await import('./lib/process');
    await startProcess();
  }
}
