/**
 * The format that comparisons are printed in.
 *
 * @module
 */
import type { ComparisonFormat } from "../results/comparison_formats/format.ts";
import { formatName } from "./formats.ts";
import type { CommonOptions } from "./options.ts";

/** The format that the options name. @throws {Exit} 2, where there is none of that name. */
export async function comparisonFormat(options: CommonOptions): Promise<ComparisonFormat> {
  const formats: Readonly<Record<string, ComparisonFormat>> = await import(
    "../results/comparison_formats/mod.ts"
  );
  return formats[formatName(options, Object.keys(formats))]!;
}
