/** A stage is not through, and nothing is wrong: it is taken up again. */
export class StageWaits extends Error {
  override readonly name = 'StageWaits';
  /** Seconds until it is worth looking again. */
  readonly seconds: number;

  constructor(seconds: number, message: string) {
    super(message);
    this.seconds = seconds;
  }
}
