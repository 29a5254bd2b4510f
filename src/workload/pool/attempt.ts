/** Something that is tried again and again; each time can be waited for. */
export class Attempt {
  #current = Promise.withResolvers<void>();
  #underWay = true;

  /** Settles when the attempt that is under way, or was the last, has ended. */
  get ended(): Promise<void> {
    return this.#current.promise;
  }

  /** Marks the beginning of a new attempt, unless one is under way. */
  begin(): void {
    if (this.#underWay) return;
    this.#underWay = true;
    this.#current = Promise.withResolvers<void>();
  }

  /** Marks the end of the attempt, whatever came of it. */
  end(): void {
    this.#underWay = false;
    this.#current.resolve();
  }
}
