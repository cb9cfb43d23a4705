/**
 * Proof that a thread is dead. A worker holds a lock of `navigator.locks` for as long as it lives, and the runtime gives it
 * back when the worker has ended, however that came about, and not before: whoever is granted that lock afterwards knows that
 * not one more instruction of the other will run. A silence proves nothing, and neither does having called `terminate()`.
 *
 * As measured on Deno 2.9.6, each of them ten times:
 *
 * | the worker | its lock is granted |
 * |---|---|
 * | throws and nobody catches it, or rejects and nobody handles it | with the `error` event, 0 to 10 ms before or after it |
 * | calls `self.close()` | 0 to 30 ms after that; no event. What it was doing ends at the next call or turn of a loop, without any `finally` |
 * | is terminated from outside while it idles | 2 to 22 ms after that; no event |
 * | is terminated while it runs, or sleeps in `Atomics.wait` | not before it is back in its event loop, which a worker in an endless loop never is: it goes on |
 *
 * Not covered: a worker that runs out of memory ends the whole process, and with it all that is shared.
 *
 * @module
 */

/** The part of the Web Locks API that is used, which the types of Deno do not have. */
interface Locks {
  request<T>(
    name: string,
    options: { readonly signal?: AbortSignal },
    whileHeld: () => T | Promise<T>,
  ): Promise<T>;
}

function locks(): Locks {
  return (navigator as unknown as { readonly locks: Locks }).locks;
}

/**
 * Says that this thread lives, under a name that nobody else uses. It cannot be taken back.
 *
 * @returns once others can rely on it.
 */
export function live(name: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const forEver = new Promise<never>(() => {});
  void locks().request(name, {}, () => {
    resolve();
    return forEver;
  });
  return promise;
}

/**
 * Waits for the death of the thread that lives under a name. To be called after that has said so: before, it would be taken for
 * dead.
 *
 * @returns whether it is dead; false where `signal` came first.
 */
export async function whenDead(name: string, signal: AbortSignal): Promise<boolean> {
  try {
    return await locks().request(name, { signal }, () => true);
  } catch (error) {
    if (!signal.aborted) throw error;
    return false;
  }
}
