/**
 * `trace`: what a recorded trace says of the pool that would serve it, and traces in the native format.
 *
 * @module
 */
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "./declaration.ts";
import type { Io } from "./io.ts";
import { traceConvert } from "./trace_convert.ts";
import { traceCut } from "./trace_cut.ts";
import { traceInfo } from "./trace_info.ts";

/** Declares `trace`. */
export function trace(io: Io): CommandUnknownOpts {
  return new Command("trace")
    .summary("recorded traces: info, convert, cut")
    .description(
      "Reads recorded traces of programs, disks, kernels and servers: see list trace-formats.\n" +
        "A file's format is told by its content; it may be plain or gzip.",
    )
    .helpCommand(false)
    .addCommand(traceInfo(io))
    .addCommand(traceConvert(io))
    .addCommand(traceCut(io))
    .addHelpText(
      "after",
      examples(
        ["mempool-bench trace info app.mtrace", "how many live at once, for how long"],
        ["mempool-bench trace convert disk.blkparse --output disk.csv.gz", "the native format"],
        ["mempool-bench trace cut app.csv --from 2s --to 3s --output burst.csv", "a part of it"],
      ),
    );
}
