/**
 * One command line with its files, carried out in this process, and what is wrong with how it ended.
 *
 * @module
 */
import { main } from "../cli.ts";
import { Exit } from "../commands/exit.ts";
import { recordedIo } from "../commands/recorded_io.ts";

/** What is done to the command. */
export interface Attempt {
  /** Files by name, in a folder of their own. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Command lines, the next one where the last ended well; `@name` in them is the path of such a file. */
  readonly lines: readonly (readonly string[])[];
  /** Whether what is read and found good is carried out, too: else the command ends where a run would begin. */
  readonly runs: boolean;
}

/** How it ended. */
export interface Ending {
  readonly status: number;
  readonly stderr: string;
}

/** Ends a command that wants to run something, with the status of a gate. */
const STOPPED = 1;

/** Carries it out, with its files in a folder that is gone afterwards. */
export async function carryOut({ files, lines, runs }: Attempt): Promise<Ending> {
  const folder = Deno.makeTempDirSync();
  try {
    for (const [name, content] of Object.entries(files)) {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      Deno.writeFileSync(`${folder}/${name}`, bytes);
    }
    let ending: Ending = { status: 0, stderr: "" };
    for (const line of lines) {
      if (ending.status === 0) {
        ending = await called(line.map((word) => word.replaceAll("@", `${folder}/`)), runs);
      }
    }
    return ending;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function called(args: readonly string[], runs: boolean): Promise<Ending> {
  const io = recordedIo();
  const interruption = runs ? io.interruption : () => {
    throw new Exit(STOPPED);
  };
  const status = await main(args, { ...io, interruption });
  return { status, stderr: io.stderr() };
}

/** What is wrong with an ending, or null: bad input is status 2 and a sentence for each fault, and nothing is ever unexpected. */
export function complaintOf({ status, stderr }: Ending, { runs }: Attempt): string | null {
  if (!(runs ? [0, 1, 2, 3] : [0, 1, 2]).includes(status)) return `the status is ${status}`;
  if (/internal:|worker \d+ failed/.test(stderr)) return "an error that nobody expected";
  if (/^\s+at \S/m.test(stderr)) return "a stack trace";
  if (status !== 2) return null;
  if (!/^(?:! [^\n]+\n)*(?:error: [^\n]+\n)+$/.test(stderr)) return "not a sentence for each fault";
  if (/(?!\n)[\p{Cc}\p{Bidi_Control}]/u.test(stderr)) return "characters that steer a terminal";
  return stderr.length > 2000 ? `a sentence of ${stderr.length} characters` : null;
}
