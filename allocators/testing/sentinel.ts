/**
 * Marks that show whether two elements overlap: each live element is filled with a number of its own, and must be
 * full of it when it is looked at again.
 *
 * @module
 */

/** Fills an element's bytes with its mark. */
export function mark(bytes: Uint8Array, number: number): void {
  bytes.fill(number % 251);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 4 <= bytes.length; at += 64) view.setUint32(at, number);
}

/** Whether an element's bytes are as {@linkcode mark} left them. */
export function isMarked(bytes: Uint8Array, number: number): boolean {
  const expected = new Uint8Array(bytes.length);
  mark(expected, number);
  return bytes.every((byte, at) => byte === expected[at]);
}
