/**
 * How the sides took turns, in words, alike for all formats that people read; nothing where they did not.
 *
 * @module
 */
import type { Comparison } from "../comparison.ts";
import { duration, percentage } from "../formats/numbers.ts";
import type { Session } from "../session.ts";
import { counted } from "../session_fitness.ts";
import { intervalText, rowName } from "./row_text.ts";

const ENDINGS: Readonly<Record<Session["ended"], string>> = {
  told: "all was told",
  budget: "the time was up",
  interrupted: "interrupted",
};

/** Sentences without full stops: how it went, what identical code came to, and how far it reaches. */
export function sessionSentences({ session, rows }: Comparison): string[] {
  if (session === undefined) return [];
  const { blocks, spentNs, budgetNs, ended, seed, falseAlarms, power, unfit } = session;
  const controls = rows.flatMap(({ control, ...row }) =>
    control === undefined ? [] : [`${rowName(row)} ${intervalText({ ...row, ...control })}`]
  );
  const times = `${duration(spentNs)} of ${duration(budgetNs)}`;
  return [
    `in turns: ${counted(blocks)} of ${partsText(session)} in ${times}, then ${
      ENDINGS[ended]
    }; seed ${seed}`,
    `each side against itself: ${controls.join(", ")}`,
    `of identical code at most ${
      percentage(falseAlarms)
    } of such sessions say slower, in any row; ` +
    `"sees" is what ${10 * power} of 10 of them show, in ${counted(session.blocksMost)} or less`,
    ...unfit === null ? [] : [`the machine is unfit: ${unfit}`],
  ];
}

/** What a block consists of. */
function partsText({ slots, slotNs, sliceNs }: Session): string {
  if (slots === undefined) return `4 slices of ${duration(sliceNs)}`;
  return `${2 * slots} slots of ${duration(slotNs!)}`;
}
