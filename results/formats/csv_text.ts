/**
 * Fields as CSV: quoting and line ends are those of RFC 4180, null is an empty field.
 *
 * @module
 */

/** One field. */
export type Field = string | number | null;

/** Lines of fields as one text, the last line ended. */
export function csvText(lines: readonly (readonly Field[])[]): string {
  return lines.map((line) => line.map(quoted).join(",") + "\r\n").join("");
}

function quoted(field: Field): string {
  const text = field === null ? "" : String(field);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
