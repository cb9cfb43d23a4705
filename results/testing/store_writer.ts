/**
 * Saves results without end and says which, for tests that kill it: `store_writer.ts FILE PREFIX`.
 *
 * @module
 */
import { Store, StoreError } from "../store.ts";
import { exampleResult } from "../testdata/example.ts";

const [path = "", prefix = ""] = Deno.args;

function saveWithoutEnd(): void {
  using store = Store.open(path, { write: true });
  const result = exampleResult();
  for (let count = 0;; count++) {
    const id = `${prefix}${count}`;
    store.save({ ...result, id });
    console.log(id);
  }
}

try {
  saveWithoutEnd();
} catch (error) {
  if (!(error instanceof StoreError)) throw error;
  console.error(error.message);
  Deno.exit(2);
}
