/**
 * How a command ends with another status than 0. The statuses are what scripts rely on:
 *
 * | status | meaning |
 * |---|---|
 * | 0 | done |
 * | 1 | a gate failed: a regression, a target that was not met |
 * | 2 | bad usage or bad input |
 * | 3 | the run itself failed |
 * | 130 | interrupted: what was measured is kept and marked partial |
 *
 * @module
 */

/** A status other than 0. */
export type FailureStatus = 1 | 2 | 3 | 130;

/** Thrown by a command to end with a status; `message` is what stderr says, or empty where all is said. */
export class Exit extends Error {
  /** The class by name. */
  override readonly name = "Exit";
  /** The exit status of the process. */
  readonly status: FailureStatus;
  /** One for each thing that is wrong, each for a line of its own. */
  readonly sentences: readonly string[];

  /** @param sentences without full stops; none where all is said. */
  constructor(status: FailureStatus, ...sentences: readonly string[]) {
    super(sentences.join("; "));
    this.status = status;
    this.sentences = sentences;
  }
}
