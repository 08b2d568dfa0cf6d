import type { InngestFunction } from 'inngest';
import { alertFunctions } from '@/lib/alerts';
import { automationFunctions } from '@/lib/automations';
import { campaignFunctions } from '@/lib/campaigns';
import { connectionFunctions } from '@/lib/connections';
import { exportFunctions } from '@/lib/exports';
import { type EngineOptions, serveFunctions, startEngine } from '@/lib/jobs';
import { lifecycleFunctions } from '@/lib/lifecycle';
import { loadFunctions } from '@/lib/load';
import { mailFunctions } from '@/lib/mail';
import { queryFunctions } from '@/lib/queries';
import { streamFunctions } from '@/lib/streams';
import { supportFunctions } from '@/lib/support';
import { suspensionFunctions } from '@/lib/suspension';
import { approvalFunctions } from '@/lib/two-persons';
import { usageFunctions } from '@/lib/usage';

/** Every background function there is. A capability's functions run once they are listed here. */
export const functions: readonly InngestFunction.Any[] = [
  ...mailFunctions,
  ...connectionFunctions,
  ...automationFunctions,
  ...alertFunctions,
  ...approvalFunctions,
  ...campaignFunctions,
  ...queryFunctions,
  ...lifecycleFunctions,
  ...suspensionFunctions,
  ...usageFunctions,
  ...loadFunctions,
  ...supportFunctions,
  ...exportFunctions,
  ...streamFunctions,
];

/**
 * Begin to carry out background work in this process.
 * @throws JobsConfigurationError, UnsupportedFunctionError
 */
export function startFunctions(options: Omit<EngineOptions, 'functions'> = {}): Promise<void> {
  return startEngine({ functions, ...options });
}

/** The functions over HTTP, for Inngest. */
export const handleFunctionRequest = serveFunctions(functions);
