/**
 * HTML as text: what comes from a result is escaped, since names and sentences may hold anything.
 *
 * @module
 */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Any text as the content of an element or an attribute. */
export function escaped(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").replace(/[&<>"']/g, (char) => ENTITIES[char]!);
}

/** A table with a caption; the first cell of each row is its head. */
export function tableHtml(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const headCells = heads.map((head) => `<th scope="col">${escaped(head)}</th>`).join("");
  const bodyRows = rows.map(([first = "", ...others]) =>
    `<tr><th scope="row">${escaped(first)}</th>${
      others.map((cell) => `<td>${escaped(cell)}</td>`).join("")
    }</tr>`
  );
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(caption)}"><table>` +
    `<caption>${escaped(caption)}</caption><thead><tr>${headCells}</tr></thead>` +
    `<tbody>${bodyRows.join("")}</tbody></table></div>`;
}

/** A picture with what it shows in words, for those who cannot see it; its numbers stand in a table beside it. */
export function figureHtml(caption: string, svg: string, description: string): string {
  return `<figure><div class="picture" role="img" tabindex="0" aria-label="${
    escaped(description)
  }">${svg}</div>` +
    `<figcaption>${escaped(caption)}</figcaption></figure>`;
}
