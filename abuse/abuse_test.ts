/**
 * Whatever is handed to the command, it ends with a status that CONTRACT allows, and where that is 2, with one sentence:
 * no stack trace, no hang. Some dozen mutants of each kind by default; more, or others, with arguments:
 *
 * `deno test -P=test abuse/abuse_test.ts -- --mutants 10000 --seed 7`
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { assert, assertGreater } from "@std/assert";
import { type Crew, startCrew } from "../sync/testing/crew.ts";
import type { Answer, Order } from "./abuse_worker.ts";
import { TARGETS } from "./targets.ts";

const args = parseArgs(Deno.args, { string: ["mutants", "seed"] });
const MUTANTS = Number(args.mutants ?? 40);
const SEED = Number(args.seed ?? 1);

/** As many as are carried out in much less than what passes for a hang. */
const BATCH = 20;

const MOST_SHOWN = 3000;

/** Some mutants more. A failure says by which seed it comes back, a hang also what was tried. */
async function abused(crew: Crew, order: Order): Promise<Answer> {
  crew.send(0, order);
  const again = JSON.stringify({ ...order, tryingFile: undefined });
  const answer = await crew.answer<Answer>(0).catch((error) => {
    const trying = Deno.readTextFileSync(order.tryingFile).slice(-MOST_SHOWN);
    throw new Error(`${again}: ${error.message}: ${trying}`);
  });
  assert(answer.failure === null, `${again}: ${answer.failure}`);
  return answer;
}

for (const target of Object.keys(TARGETS)) {
  Deno.test(`main() ends as it should whatever is done to: ${target}`, async () => {
    using crew = startCrew(new URL("./abuse_worker.ts", import.meta.url), 1);
    const tryingFile = Deno.makeTempFileSync();
    const ended = [0, 0, 0, 0];
    try {
      for (let done = 0; done < MUTANTS; done += BATCH) {
        const mutants = Math.min(BATCH, MUTANTS - done);
        const { statuses } = await abused(crew, { target, seed: SEED + done, mutants, tryingFile });
        statuses.forEach((count, status) => ended[status]! += count);
      }
    } finally {
      Deno.removeSync(tryingFile);
    }
    if (args.mutants !== undefined) console.log(`${target}: so often status 0 to 3: ${ended}`);
    // Some get through, so that what comes behind the first look is abused as well.
    assertGreater(ended[0]! + ended[1]!, 0);
  });
}
