/**
 * Colours by what they mean. A paint is chosen once for each print and passed along, so that nothing
 * depends on a switch that somebody else may have turned.
 *
 * @module
 */
import { bold, cyan, dim, green, magenta, red, yellow } from "@std/fmt/colors";

/** Puts a style on a text, or leaves it alone. */
export type Style = (text: string) => string;

/** Styles by what they are for. */
export interface Paint {
  /** Names and headings. */
  readonly title: Style;
  /** Labels, units, and what is nothing to look at. */
  readonly quiet: Style;
  /** What is as it should be. */
  readonly good: Style;
  /** Warnings. */
  readonly caution: Style;
  /** What is wrong. */
  readonly bad: Style;
  /** One style for each of the five levels, from the fast one to the wait. */
  readonly levels: readonly Style[];
}

const plain: Style = (text) => text;

const PLAIN: Paint = {
  title: plain,
  quiet: plain,
  good: plain,
  caution: plain,
  bad: plain,
  levels: [plain, plain, plain, plain, plain],
};

const COLORED: Paint = {
  title: bold,
  quiet: dim,
  good: green,
  caution: yellow,
  bad: red,
  levels: [green, cyan, yellow, magenta, red],
};

/** The styles, all of them plain where colour is not wanted. */
export function paintFor(color: boolean): Paint {
  return color ? COLORED : PLAIN;
}
