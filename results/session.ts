/**
 * A session in which two versions took turns on one machine: what a comparison says of it besides its rows.
 *
 * @module
 */

/** Each side against itself, as its difference would be told: what identical code comes to in this session. */
export interface Control {
  /** Towards more, as a share. */
  readonly change: number;
  /** The interval of `change`; null where there are too few blocks. */
  readonly low: number | null;
  readonly high: number | null;
}

/** How the sides took turns, and how far that reaches. */
export interface Session {
  /** Blocks measured: base, head, head, base, or the other way round, each in a process of its own. */
  readonly blocks: number;
  /** With fewer blocks nothing can be told, whatever the difference. */
  readonly blocksLeast: number;
  /** Blocks that the budget has room for, as long as those measured took. */
  readonly blocksMost: number;
  /** Why it ended: all was told, the time was up, or somebody stopped it. */
  readonly ended: "told" | "budget" | "interrupted";
  /** How long it might take, and took. */
  readonly budgetNs: number;
  readonly spentNs: number;
  /** How long one slice was measured. */
  readonly sliceNs: number;
  /** Where the sides took turns in slots: how many a block has of either side, and how long they are; else not there. */
  readonly slots?: number;
  readonly slotNs?: number;
  /** What the order and the loads followed from. */
  readonly seed: number;
  /** Of sessions with identical code, the largest share that say slower in any row. */
  readonly falseAlarms: number;
  /** In which share of sessions a change of the size `detectable` is seen. */
  readonly power: number;
  /** Why the machine is not fit to judge on; null where it is. */
  readonly unfit: string | null;
}
