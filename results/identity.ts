/**
 * What tells results apart that cannot be compared: the machine, and the scenario whatever it is called.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Environment, Result } from "./result.ts";

/** The machine that a result was measured on, in words that differ where numbers cannot be compared. */
export function machineOf({ os, arch, cpu, cores }: Environment): string {
  return `${os} ${arch}, ${cores} x ${cpu}`;
}

/** What says nothing about what is measured: names, and from where and how often it starts. */
const NOT_MEASURED: readonly string[] = ["$schema", "name", "summary", "seed", "repeat"];

/**
 * Alike for results of the same scenario, whatever it is called, however often it was repeated and with which seeds: the
 * first 16 hexadecimal digits of the SHA-256 of the resolved scenario with its keys in order.
 */
export function scenarioHash({ scenario }: Pick<Result, "scenario">): string {
  const measured = Object.entries(scenario).filter(([key]) => !NOT_MEASURED.includes(key));
  const text = JSON.stringify(inOrder(Object.fromEntries(measured)));
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(entries.map(([key, each]) => [key, inOrder(each)]));
}
