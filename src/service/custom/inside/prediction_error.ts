/** A prediction that comes to nothing for a reason that its caller is told. */
export class PredictionError extends Error {
  /** The HTTP status of the answer. */
  readonly status: number;

  /** Makes an error whose message is shown to the caller as it is. */
  constructor(message: string, status = 500) {
    super(message);
    this.name = "PredictionError";
    this.status = status;
  }
}
