/**
 * The Go benchmark data format (https://go.dev/design/14313-benchmark-format, with the unit metadata of golang/go#43744),
 * for benchstat and all that reads what it reads: one line for each repeat, pool and level, so that benchstat does the
 * statistics over the repeats itself. Units say in which direction they get better.
 *
 * @module
 */
import { type Measure, measureRows } from "../measures.ts";
import type { Result } from "../result.ts";
import type { ResultFormat } from "./format.ts";

/** What Go calls the architectures that go by another name there. */
const GOARCH: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

/** Lines for benchstat. */
export const gobench: ResultFormat = {
  summary: "Go benchmark lines, one for each repeat, for benchstat",
  print(result: Result): string {
    const { environment: { os, arch, cpu, revision } } = result;
    const lines = [
      `goos: ${os}`,
      `goarch: ${GOARCH[arch] ?? arch}`,
      `cpu: ${oneLine(cpu)}`,
      ...(revision === null ? [] : [`commit: ${oneLine(revision)}`]),
      `scenario: ${oneLine(result.scenario.name)}`,
      ...result.warnings.map(({ code, message }) => `# ${code}: ${oneLine(message)}`),
      ...unitLines(result),
      ...benchmarkLines(result),
    ];
    return lines.map((line) => line + "\n").join("");
  },
};

/** A level's rate is better high or low as the level is, so that it has no direction as a unit. */
function unitLines(result: Result): string[] {
  const measured = measureRows(result).map(({ measure }) => measure);
  const units = Map.groupBy(measured, unitOf);
  return Array.from(units, ([unit, measures]) => {
    const directions = new Set(measures.map(({ better }) => better));
    return directions.size === 1 ? `Unit ${unit} better=${[...directions]}` : null;
  }).filter((line) => line !== null);
}

/** In a unit, `ns` and the rest of it are told apart at the hyphen and the slash, so that benchstat scales it. */
function unitOf({ name, unit }: Measure): string {
  if (unit === "ns") return `${name}-ns/op`;
  return unit === "1/s" ? "allocs/s" : name;
}

/** One line for each repeat and each pool and part, with all its measures. */
function benchmarkLines(result: Result): string[] {
  const rows = Map.groupBy(
    measureRows(result),
    ({ pool, part }) =>
      pool === null ? "" : `/pool=${namePart(pool)}/level=${namePart(String(part))}`,
  );
  const workers = Math.max(1, result.runs[0]?.workers.length ?? 1);
  const scenario = namePart(result.scenario.name);
  return [...rows].flatMap(([path, measured]) =>
    result.runs.map((run, repeat) => {
      const name = `BenchmarkMempool/scenario=${scenario}${path}-${workers}`;
      const allocs = run.workers.reduce((sum, worker) => sum + worker.allocs, 0);
      const values = measured.map(({ measure, values }) => `${values[repeat]} ${unitOf(measure)}`);
      return [name, Math.max(1, allocs), ...values].join("\t");
    })
  );
}

/** Names are parted at slashes and end at white space. */
function namePart(name: string): string {
  return name.replaceAll(/[\s/]+/gu, "_");
}

function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ").trim();
}
