import { resetConnections, sql, withIdentity } from '@/db';
import { env } from '@/lib/env';
import { failStart, logger, onStop, registerReadinessCheck } from '@/lib/observability';
import { productionRefusals, refusalText } from '@/lib/production';
import { prepareVault } from '@/lib/vault';

/** @throws Error with every demo setting that production does not take */
function refuseDemoSettings(): void {
  // Whether the database is an embedded one is known to who started it, and checked there.
  const refusals = productionRefusals(env, false);
  if (refusals.length > 0) throw new Error(refusalText(refusals));
}

async function databaseAnswers(): Promise<void> {
  await withIdentity((tx) => tx.execute(sql`select 1`));
}

/**
 * Make a server process ready to serve: configuration, key store, background engine. Called once,
 * before the first request; what fails here keeps the process from serving.
 */
export async function startProcess(): Promise<void> {
  try {
    refuseDemoSettings();
    await prepareVault();
    registerReadinessCheck('database', databaseAnswers);
    registerReadinessCheck('keys', prepareVault);
    onStop(async () => {
      await resetConnections();
    });
    logger.info('Serving');
  } catch (error) {
    failStart(error);
  }
}
