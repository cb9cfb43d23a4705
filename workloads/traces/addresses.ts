/**
 * Which element is where. Addresses are used again and again, so each element gets a number of its own, and
 * keeps it when a realloc moves it.
 *
 * @module
 */

/** Elements by address. State: one entry for each live element. */
export class Addresses {
  readonly #idOf = new Map<number | string, string>();
  #named = 0;

  /** The element that is at an address; one that nobody knew is new. */
  at(address: string): string {
    const key = keyOf(address);
    const known = this.#idOf.get(key);
    if (known !== undefined) return known;
    const id = this.#name();
    this.#idOf.set(key, id);
    return id;
  }

  /** Takes the element away from an address; one that nobody knew gets a name that nobody knows. */
  leave(address: string): string {
    const key = keyOf(address);
    const id = this.#idOf.get(key) ?? this.#name();
    this.#idOf.delete(key);
    return id;
  }

  /** Puts an element to an address. */
  move(address: string, id: string): void {
    this.#idOf.set(keyOf(address), id);
  }

  #name(): string {
    return String(this.#named++);
  }
}

/** Whether an address is that of no element, however it is written. */
export function isNull(address: string): boolean {
  return /^(?:0[xX])?0+$|^\((?:nil|null)\)$/.test(address);
}

/** An address as a number where that is exact, as all are that a processor of today hands out untagged. */
function keyOf(address: string): number | string {
  const number = Number(address);
  return Number.isSafeInteger(number) ? number : ` ${address}`.slice(1); // not a part of its line
}
