/**
 * HTML as text: what comes from a result is escaped, since names and sentences may hold anything.
 *
 * @module
 */

import type { Fact } from "../formats/facts.ts";
import type { Warning } from "../result.ts";

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

/** A section that links lead to and that can be filtered by its name. */
export function sectionHtml(
  { id, name }: { readonly id: string; readonly name: string },
  body: string,
): string {
  return `<section id="${id}" data-name="${escaped(name)}">
<h2>${escaped(name)}</h2>
${body}
</section>`;
}

/** What to know before believing what follows. */
export function warningHtml({ code, message, advice }: Warning): string {
  return `<p class="warning"><strong>${escaped(code)}</strong>: ${escaped(message)}<br>${
    escaped(advice)
  }</p>`;
}

/** Labels and what is said under them. */
export function factsHtml(facts: readonly Fact[]): string {
  const items = facts.map(({ label, items, mood, separator }) =>
    `<dt>${escaped(label)}</dt><dd class="${mood}">${escaped(items.join(separator))}</dd>`
  );
  return `<dl>${items.join("")}</dl>`;
}
