/**
 * Processor time.
 *
 * @module
 */
import process from "node:process";

/** Processor time of this process so far, all threads together, nanoseconds. */
export function cpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}
