import { assertEquals } from "@std/assert";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { revisionAt } from "./revision.ts";

const COMMIT = "c24ad33ecc4c711eee6f174948dab94ba177a7b7";

const checkouts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "a branch": { ".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": `${COMMIT}\n` },
  "a branch whose refs are packed": {
    ".git/HEAD": "ref: refs/heads/main\n",
    ".git/packed-refs": `# pack-refs with: peeled\n${"0".repeat(40)} refs/heads/other\n` +
      `${COMMIT} refs/heads/main\n`,
  },
  "a commit by itself": { ".git/HEAD": `${COMMIT}\n` },
  "a further work tree": {
    ".git": "gitdir: elsewhere/worktrees/b\n",
    "elsewhere/worktrees/b/HEAD": "ref: refs/heads/b\n",
    "elsewhere/worktrees/b/commondir": "../..\n",
    "elsewhere/refs/heads/b": `${COMMIT}\n`,
  },
};

async function revisionIn(files: Readonly<Record<string, string>>): Promise<string | null> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.mkdir(dirname(`${folder}/${name}`), { recursive: true });
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    return revisionAt(pathToFileURL(`${folder}/`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const [what, files] of Object.entries(checkouts)) {
  Deno.test(`revisionAt() finds the commit of ${what}`, async () => {
    assertEquals(await revisionIn(files), COMMIT);
  });
}

Deno.test("revisionAt() is null where there is no checkout, or a branch without a commit", async () => {
  assertEquals(await revisionIn({ "README.md": "" }), null);
  assertEquals(await revisionIn({ ".git/HEAD": "ref: refs/heads/main\n" }), null);
});
