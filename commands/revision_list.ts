/**
 * The commits of a branch, as git lists them.
 *
 * @module
 */
import { Exit } from "./exit.ts";
import { fileText } from "./file_text.ts";

/**
 * Reads a file of commits, one a line, whole or abbreviated to 7 characters at least; what follows the commit on its line is not
 * looked at, so `git log --oneline` will do.
 *
 * @throws {Exit} 2, where there is no such file, no commit in it, or anything else.
 */
export function readRevisions(file: string): string[] {
  const lines = fileText(file).split("\n").map((line) => line.trim());
  const commits = lines.flatMap((line, index) => {
    if (line === "") return [];
    const [commit = ""] = line.split(/\s/);
    if (/^[0-9a-f]{7,64}$/.test(commit)) return [commit];
    throw new Exit(
      2,
      `${file}: line ${index + 1}: ${JSON.stringify(commit.slice(0, 40))} is no commit: ` +
        "give one a line, as git rev-list --reverse prints them",
    );
  });
  if (commits.length > 0) return commits;
  throw new Exit(2, `${file}: it holds no commit: give one a line, as git rev-list --reverse does`);
}
