import { NonRetriableError } from 'inngest';

/** A function asks for something that the embedded engine does not do. Thrown before it starts. */
export class UnsupportedFunctionError extends Error {
  override readonly name = 'UnsupportedFunctionError';

  constructor(
    readonly functionId: string,
    readonly option: string,
    reason: string,
  ) {
    super(
      `Function "${functionId}" uses "${option}", which the embedded engine does not do: ${reason} Change the function, or set INNGEST_EVENT_KEY and INNGEST_SIGNING_KEY to run on Inngest.`,
    );
  }
}

/** The background functions cannot run with this configuration. */
export class JobsConfigurationError extends Error {
  override readonly name = 'JobsConfigurationError';
}

/** An event that no job row bears out. It is on record; trying again would not make it true. */
export class ForgedJobError extends NonRetriableError {
  override readonly name = 'ForgedJobError';
}

/** The run was cancelled or taken by another worker: what was done for it since does not count. */
export class LostRunError extends Error {
  override readonly name = 'LostRunError';
}
