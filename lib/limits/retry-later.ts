/**
 * Not now: the same work may be asked for again after so many seconds. The engine takes the step up
 * again then; nothing was done.
 */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';

  /**
   * @param seconds how long to wait, at least 1
   * @param reason plain words for the record, without secrets
   */
  constructor(
    readonly seconds: number,
    readonly reason: string,
  ) {
    super(`${reason}; try again in ${seconds} s`);
  }
}
