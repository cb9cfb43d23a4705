/**
 * Modules for tests: a file for as long as it is used.
 *
 * @module
 */

/** Runs `use` with the path of a file that holds the text. */
export async function withModule<T>(
  text: string | Uint8Array,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/own.ts`;
  await Deno.writeFile(path, typeof text === "string" ? new TextEncoder().encode(text) : text);
  try {
    return await use(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The example of the repository. */
export const FREE_LIST: string = new URL("../examples/free_list.ts", import.meta.url).href;
