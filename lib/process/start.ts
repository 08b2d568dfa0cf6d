import { resetConnections, sql, withIdentity } from '@/db';
import { watchDenials } from '@/lib/alerts';
import { env } from '@/lib/env';
import { startFunctions } from '@/lib/functions';
import { engineStatus, stopEngine } from '@/lib/jobs';
import { startLoadWatch, stopLoadWatch } from '@/lib/load';
import {
  captureConsole,
  failStart,
  logger,
  onStop,
  registerReadinessCheck,
  reportStart,
} from '@/lib/observability';
import { productionRefusals, refusalText } from '@/lib/production';
import { startQueryWatch, stopQueryWatch } from '@/lib/queries';
import { startSealing, stopSealing } from '@/lib/record';
import { runningRelease } from '@/lib/trust';
import { closeKeyStore, prepareVault, vaultAnswers } from '@/lib/vault';
import { registerGauges } from './gauges';

/** Milliseconds that steps under way get to end when the process stops. */
const stepLimit = 5_000;

/** @throws Error with every demo setting that production does not take */
function refuseDemoSettings(): void {
  // Whether the database is an embedded one is known to who started it, and checked there.
  const refusals = productionRefusals(env, false);
  if (refusals.length > 0) throw new Error(refusalText(refusals));
}

async function databaseAnswers(): Promise<void> {
  await withIdentity((tx) => tx.execute(sql`select 1`));
}

async function engineIsAtWork(): Promise<void> {
  const { alive, mode } = await engineStatus();
  if (!alive) throw new Error(`the ${mode} engine is not at work in this process`);
}

async function stopProcess(): Promise<void> {
  await stopEngine(stepLimit);
  await stopQueryWatch();
  await stopLoadWatch();
  await stopSealing();
  await closeKeyStore();
  await resetConnections();
}

/**
 * Make a server process ready to serve: configuration, key store, background engine. Called once,
 * before the first request; what fails here keeps the process from serving.
 */
export async function startProcess(): Promise<void> {
  try {
    // The development server's console is for whoever sits before it.
    if (env.NODE_ENV === 'production') captureConsole();
    refuseDemoSettings();
    if ((await prepareVault()) === 'unproven') {
      logger.warn('The key service does not answer: what is sealed stays closed until it does');
    }
    await startFunctions();
    watchDenials();
    registerReadinessCheck('database', databaseAnswers);
    registerReadinessCheck('engine', engineIsAtWork);
    registerReadinessCheck('keys', vaultAnswers);
    registerGauges();
    runningRelease();
    startQueryWatch();
    startLoadWatch();
    startSealing();
    onStop(stopProcess);
    logger.info('Serving');
    reportStart();
  } catch (error) {
    failStart(error);
  }
}
