/** Plans a region in a worker and writes its number into every word of the block that it is told to own. */
import { attachRegion, type Block, Layout } from "../region.ts";

/** What a planner is told: what to plan, and the block to write. */
export interface PlannerTask {
  readonly blocks: readonly { readonly name: string; readonly words: number }[];
  readonly buffer: SharedArrayBuffer;
  readonly own: number;
}

/** What it found. */
export interface PlannerAnswer {
  readonly blocks: readonly Block[];
  readonly length: number;
  readonly memoryAt: number;
}

self.onmessage = ({ data: { blocks, buffer, own } }: MessageEvent<PlannerTask>) => {
  const layout = new Layout();
  for (const { name, words } of blocks) layout.words(name, words);
  const { words, memoryAt } = attachRegion(layout, buffer);
  const block = layout.blocks[own]!;
  words.fill(own + 1, block.at, block.at + block.words);
  const answer: PlannerAnswer = { blocks: layout.blocks, length: layout.length, memoryAt };
  self.postMessage(answer);
};
