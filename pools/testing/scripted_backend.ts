/**
 * A back end that does what a test tells it: it serves or fails by the kind of call, or call by call where that is
 * scripted; it logs every call; and it lets the test act in the middle of one, which is how a race
 * between several callers is played in a single thread.
 *
 * @module
 */
import {
  type Allocator,
  ATOMIC,
  type Context,
  type Handle,
  NONE,
} from "../../allocators/allocator.ts";

/** The kind of an allocation call. */
export type Kind = "atomic" | "blocking";

/** What an allocation call does, by kind. */
export interface Serves {
  readonly atomic: boolean;
  readonly blocking: boolean;
}

/** An allocator under a test's control. */
export class ScriptedBackend implements Allocator {
  /** Elements that are out of the back end. */
  readonly out: Set<Handle> = new Set();
  /** What calls do that have no answer of their own. */
  serves: Serves = { atomic: true, blocking: true };
  readonly #answers: Record<Kind, boolean[]> = { atomic: [], blocking: [] };
  readonly #acts: Record<Kind, (() => void)[]> = { atomic: [], blocking: [] };
  readonly #free: Handle[];
  #log: string[] = [];

  /** A back end of `capacity` elements, handed out as 1, 2, 3 and so on, what came back last first. */
  constructor(capacity: number) {
    this.#free = Array.from({ length: capacity }, (_, index) => capacity - index);
  }

  /** Serves nothing any more. */
  die(): void {
    this.serves = { atomic: false, blocking: false };
  }

  /** Serves again. */
  recover(): void {
    this.serves = { atomic: true, blocking: true };
  }

  /** Whether each of the next calls of a kind is served. */
  answer(kind: Kind, ...served: readonly boolean[]): void {
    this.#answers[kind].push(...served);
  }

  /** Acts in the middle of the next call of a kind, before it answers. */
  during(kind: Kind, act: () => void): void {
    this.#acts[kind].push(act);
  }

  /** The calls since the last look: "atomic", "blocking", or "free" with the handle. */
  takeLog(): string[] {
    const log = this.#log;
    this.#log = [];
    return log;
  }

  /** Takes an element as the script says. */
  allocate(context: Context): Handle {
    const kind = context === ATOMIC ? "atomic" : "blocking";
    this.#log.push(kind);
    this.#acts[kind].shift()?.();
    if (!(this.#answers[kind].shift() ?? this.serves[kind])) return NONE;
    const handle = this.#free.pop() ?? NONE;
    if (handle !== NONE) this.out.add(handle);
    return handle;
  }

  /** Takes an element back. @throws {Error} where it is not out. */
  free(handle: Handle): void {
    this.#log.push(`free ${handle}`);
    if (!this.out.delete(handle)) throw new Error(`the back end was given ${handle}, which it has`);
    this.#free.push(handle);
  }
}
