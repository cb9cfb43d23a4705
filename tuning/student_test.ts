import { assertAlmostEquals } from "@std/assert";
import { normalQuantile, studentQuantile } from "./student.ts";

Deno.test("normalQuantile() agrees with printed tables", () => {
  const table = [[0.5, 0], [0.975, 1.959963985], [0.99, 2.326347874], [0.999, 3.090232306]];
  for (const [share, point] of [...table, [1e-6, -4.753424309]]) {
    assertAlmostEquals(normalQuantile(share!), point!, 1e-6);
  }
});

Deno.test("studentQuantile() agrees with printed tables", () => {
  const table = [[0.99, 7, 2.998], [0.975, 15, 2.131], [0.995, 15, 2.947], [0.999, 63, 3.225]];
  for (const [share, freedom, point] of table) {
    assertAlmostEquals(studentQuantile(share!, freedom!), point!, 3e-3);
  }
});
