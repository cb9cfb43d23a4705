/**
 * Experiments whose waits are written down: how many, and in which part of the run.
 *
 * @module
 */
import { type Experiment, type Run, skippedOf } from "../experiment.ts";
import { BLOCKS, WaitTally } from "../wait_tally.ts";

/** Every so manieth block, `most` of them. */
export function everyBlock(step: number, most: number): number[] {
  return Array.from({ length: BLOCKS / step }, (_, index) => index * step).slice(0, most);
}

/** Of each reserve the share that waits, and in which of the 64 blocks; those in `blocks` share it evenly. */
export type ScriptedWaits = (
  minReserve: number,
) => { readonly share: number; readonly blocks: number[] };

/** Pools that have these waits, however many tasks there are; `onRun` hears of each run. */
export function scripted(waits: ScriptedWaits, onRun: (run: Run) => void = () => {}): Experiment {
  return {
    ...{ recorded: null, together: 8, skipped: skippedOf },
    run(run) {
      onRun(run);
      const { tasks, minReserves } = run;
      return minReserves.map((min) => {
        const skipped = skippedOf(tasks);
        const tally = new WaitTally({ tasks, limitNs: 0, skipped });
        const { share, blocks } = waits(min);
        const perBlock = (tasks - skipped) / BLOCKS;
        for (const block of blocks) {
          const many = Math.round(share * perBlock * BLOCKS / blocks.length);
          for (let wait = 0; wait < many; wait++) tally.wait(skipped + block * perBlock + wait, 1);
        }
        tally.finish(tasks, 200);
        return tally;
      });
    },
  };
}
