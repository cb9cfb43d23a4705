/** Each rule of `RULES.md` has a test that is named for it. */
import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../", import.meta.url);
const FOLDERS = ["allocators", "pools", "workloads"];

/** The numbers at the beginnings of the paragraphs. */
function rules(): number[] {
  const text = Deno.readTextFileSync(new URL("./RULES.md", import.meta.url));
  return Array.from(text.matchAll(/^(\d+)\. /gm), ([, number]) => Number(number));
}

/** The rules that a title names: "rule 7", "rules 5, 6, 17 and 26". */
function named(title: string): number[] {
  const lists = title.matchAll(/\brules? (\d+(?:(?:, | and )\d+)*)/g);
  return Array.from(lists).flatMap(([, list]) => list!.match(/\d+/g)!.map(Number));
}

function titles(): string[] {
  const files = FOLDERS.flatMap((folder) =>
    Array.from(Deno.readDirSync(new URL(folder, ROOT)), ({ name }) => `${folder}/${name}`)
  ).filter((name) => name.endsWith("_test.ts"));
  return files.flatMap((file) => {
    const text = Deno.readTextFileSync(new URL(file, ROOT));
    return Array.from(text.matchAll(/Deno\.test\(\s*(["`])(.*?)\1/g), ([, , title]) => title!);
  });
}

Deno.test("RULES.md numbers its rules without a gap, and each is the name of a test", () => {
  const all = rules();
  assertEquals(all, Array.from({ length: all.length }, (_, index) => index + 1));
  assert(all.length >= 39);
  const tested = new Set(titles().flatMap(named));
  assertEquals(all.filter((rule) => !tested.has(rule)), []);
});

Deno.test("named() reads one rule, several, and none", () => {
  assertEquals(named("Mempool rule 7: x"), [7]);
  assertEquals(named("Mempool rules 5, 6, 17 and 26: x of rule 39"), [5, 6, 17, 26, 39]);
  assertEquals(named("ruler 3, rules of 4"), []);
});
