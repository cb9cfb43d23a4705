/**
 * A first come first served queue as one would write it on paper, to check the simulator against: a list of servers,
 * each task goes to the one that is free first.
 *
 * @module
 */

/** A task by its two numbers. */
export interface PlainTask {
  readonly start: number;
  readonly hold: number;
}

/** The wait of each task with so many servers. */
export function plainWaits(tasks: readonly PlainTask[], servers: number): number[] {
  const free: number[] = Array(servers).fill(-Infinity);
  return tasks.map(({ start, hold }) => {
    if (servers === 0) return Infinity;
    let first = 0;
    free.forEach((time, server) => first = time < free[first]! ? server : first);
    const begin = Math.max(start, free[first]!);
    free[first] = begin + hold;
    return begin - start;
  });
}

/** The smallest number of servers with which `meets` says yes of the waits, tried one by one. */
export function plainSize(
  tasks: readonly PlainTask[],
  meets: (waits: readonly number[]) => boolean,
): number {
  let servers = 0;
  while (!meets(plainWaits(tasks, servers))) servers++;
  return servers;
}

/** As {@linkcode plainWaits}, for many servers: their free times in order, each task takes the first. */
export function sortedWaits(tasks: readonly PlainTask[], servers: number): number[] {
  if (servers === 0) return tasks.map(() => Infinity);
  const free = new Float64Array(servers).fill(-Infinity);
  return tasks.map(({ start, hold }) => {
    const begin = Math.max(start, free[0]!);
    const end = begin + hold;
    let [low, high] = [1, servers];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (free[middle]! <= end) low = middle + 1;
      else high = middle;
    }
    free.copyWithin(0, 1, low);
    free[low - 1] = end;
    return begin - start;
  });
}
