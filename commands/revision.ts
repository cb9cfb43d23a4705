/**
 * Which revision of this checkout ran, for the result. It is read from git's files, since starting git
 * would need the right to run programs.
 *
 * @module
 */

/** The commit that is checked out at `root`, or null where that is no git checkout. */
export function revisionAt(root: URL): string | null {
  const git = gitFolder(root);
  const head = git === null ? null : firstLine(new URL("HEAD", git));
  if (git === null || head === null) return null;
  const ref = /^ref: (.+)$/.exec(head)?.[1];
  return ref === undefined ? head : commitOf(ref, git);
}

/** `.git`, or where a work tree's `.git` file says that its own is. */
function gitFolder(root: URL): URL | null {
  const git = new URL(".git", root);
  const elsewhere = /^gitdir: (.+)$/.exec(firstLine(git) ?? "")?.[1];
  return new URL(`${elsewhere === undefined ? git.href : new URL(elsewhere, root).href}/`);
}

function commitOf(ref: string, git: URL): string | null {
  const shared = firstLine(new URL("commondir", git));
  const folder = shared === null ? git : new URL(`${shared}/`, git);
  const loose = firstLine(new URL(ref, folder));
  if (loose !== null) return loose;
  const packed = textOf(new URL("packed-refs", folder)) ?? "";
  return packed.split("\n").find((line) => line.endsWith(` ${ref}`))?.split(" ")[0] ?? null;
}

function firstLine(url: URL): string | null {
  return textOf(url)?.split("\n")[0] ?? null;
}

function textOf(url: URL): string | null {
  try {
    return Deno.readTextFileSync(url);
  } catch {
    return null;
  }
}
