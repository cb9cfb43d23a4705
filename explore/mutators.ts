/**
 * Small changes of a program, made from its syntax: each is a bug, or makes no difference that anybody could see, which somebody has
 * to judge then (`judged_survivors.ts`).
 *
 * Left alone are types, comments, names and messages; the step of a `for`, which could only hang; sums of a place and an offset that
 * has a name, since the offset is changed where it is defined; numbers from a hundred up, and, one unit larger, the constants that are
 * durations or have room to spare (`..._MS`, `..._WORDS`), which make no other program.
 *
 * @module
 */
import { nodesOf, type SyntaxNode } from "./syntax.ts";

/** Characters to replace. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** A change of a file. */
export interface Mutant extends Change {
  /** A path from the root. */
  readonly file: string;
  /** The first line that is changed, from 1 up, and the last. */
  readonly line: number;
  readonly lastLine: number;
  /** What kind of change it is, of {@linkcode MUTATORS}. */
  readonly mutator: string;
  /** The lines that are changed, as they are and as they will be: blanks are single, nothing is left of what is removed. */
  readonly before: string;
  readonly after: string;
}

/** The ways to change a node; none where it is of no such kind. */
type Mutator = (node: SyntaxNode, text: string) => readonly Change[];

const OPPOSITES: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
  "&&": "||",
  "||": "&&",
};

const ARITHMETIC: Readonly<Record<string, string>> = {
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "<<": ">>",
  ">>": "<<",
  ">>>": "<<",
  "&": "|",
  "|": "&",
  "+=": "-=",
  "-=": "+=",
  "++": "--",
  "--": "++",
};

const TWINS: Readonly<Record<string, string>> = {
  "Atomics.add": "Atomics.sub",
  "Atomics.sub": "Atomics.add",
  "Atomics.and": "Atomics.or",
  "Atomics.or": "Atomics.and",
  "Math.max": "Math.min",
  "Math.min": "Math.max",
  "Math.floor": "Math.ceil",
  "Math.ceil": "Math.floor",
};

const OPERATIONS = /^(Binary|Logical|Assignment|Update)Expression$/;
const JUMPS = /^(Return|Throw|Continue|Break)Statement$/;
const BLOCKS = /^(BlockStatement|Program|SwitchCase|StaticBlock)$/;
const ROOMS = /(_WORDS|_MS|Ms)$/;
const OFFSET = /^([A-Z][A-Z_]+|Word\.\w+)$/;
/** Numbers from here on mean no exact number. */
const LARGE = 100;

const textOf = ({ start, end }: SyntaxNode, text: string) => text.slice(start, end);

/** Replaces an operator, which stands between its operands, or on one side of its only one. */
function operator(
  node: SyntaxNode,
  text: string,
  others: Readonly<Record<string, string>>,
): Change[] {
  if (!OPERATIONS.test(node.type)) return [];
  const found = String(node.value("operator"));
  const replacement = others[found];
  if (replacement === undefined) return [];
  const from = node.child("left")?.end ?? node.start;
  const start = text.indexOf(found, from);
  return [{ start, end: start + found.length, replacement }];
}

/** A condition that is no comparison, of what decides by one. */
function conditionOf(node: SyntaxNode): SyntaxNode | null {
  const isDecision = /^(If|While|DoWhile|For)Statement$|^ConditionalExpression$/.test(node.type);
  const test = isDecision ? node.child("test") : null;
  if (test === null || test.type === "BooleanLiteral") return null;
  return OPPOSITES[String(test.value("operator"))] === undefined ? test : null;
}

/** Takes a statement away. */
function without({ start, end, parent }: SyntaxNode): Change {
  return { start, end, replacement: BLOCKS.test(parent!.type) ? "" : ";" };
}

/** The statement that a branch consists of, if it is one only. */
function onlyOf(branch: SyntaxNode): SyntaxNode | undefined {
  if (branch.type !== "BlockStatement") return branch;
  const statements = branch.children("body");
  return statements.length === 1 ? statements[0] : undefined;
}

const CALLS = /^(Call|Await|Assignment|Update|OptionalCall|Unary)Expression$/;

/** The value of a function, where it returns one: a `return`'s, or that of an arrow which is a method. */
function returnedBy(node: SyntaxNode): SyntaxNode | null {
  if (node.type === "ReturnStatement") return node.child("argument");
  const isMethod = node.type === "ArrowFunctionExpression" &&
    /^(ObjectProperty|VariableDeclarator)$/.test(node.parent!.type);
  const body = isMethod ? node.child("body") : null;
  return body?.type === "BlockStatement" ? null : body;
}

/** What may be a number, or true, without being written as an operation that is changed anyway. */
const OPAQUE = /^(Identifier|CallExpression|MemberExpression|TSNonNullExpression)$/;

/** All kinds of changes. */
export const MUTATORS: Readonly<Record<string, Mutator>> = {
  "condition flipped": (node, text) => {
    if (node.type === "UnaryExpression" && node.value("operator") === "!") {
      return [{ start: node.start, end: node.start + 1, replacement: "" }];
    }
    const condition = conditionOf(node);
    if (condition === null || condition.value("operator") === "!") {
      return operator(node, text, OPPOSITES);
    }
    const { start, end } = condition;
    return [{ start, end, replacement: `!(${textOf(condition, text)})` }];
  },
  "arithmetic": (node, text) => {
    const isStep = node.role === "update" && node.parent?.type === "ForStatement";
    const right = node.child("right");
    const isPlace = right !== null && OFFSET.test(textOf(right, text));
    // Of texts, "+" makes others.
    if (isStep || isPlace || /["'`]/.test(textOf(node, text))) return [];
    return operator(node, text, ARITHMETIC);
  },
  "constant": (node, text) => {
    if (node.type === "BooleanLiteral") {
      return [{ start: node.start, end: node.end, replacement: `${!node.value("value")}` }];
    }
    const value = Number(node.value("value"));
    if (node.type !== "NumericLiteral" || !Number.isInteger(value) || value >= LARGE) return [];
    const { start, end, parent } = node;
    const isRoom = parent?.type === "VariableDeclarator" &&
      ROOMS.test(textOf(parent.child("id")!, text));
    return [
      ...isRoom ? [] : [{ start, end, replacement: `${value + 1}` }],
      ...value === 0 ? [] : [{ start, end, replacement: `${value - 1}` }],
    ];
  },
  "twin": (node, text) => {
    if (node.type !== "MemberExpression") return [];
    const replacement = TWINS[textOf(node, text)];
    return replacement === undefined ? [] : [{ start: node.start, end: node.end, replacement }];
  },
  "statement removed": (node) => {
    if (node.type !== "ExpressionStatement") return [];
    const expression = node.child("expression")!;
    const isSuper = expression.child("callee")?.type === "Super";
    return CALLS.test(expression.type) && !isSuper ? [without(node)] : [];
  },
  "guard removed": (node) => {
    if (node.type !== "IfStatement" || node.child("alternate") !== null) return [];
    return JUMPS.test(onlyOf(node.child("consequent")!)?.type ?? "") ? [without(node)] : [];
  },
  "else removed": (node) => {
    const alternate = node.type === "IfStatement" ? node.child("alternate") : null;
    if (alternate === null) return [];
    return [{ start: node.child("consequent")!.end, end: alternate.end, replacement: "" }];
  },
  "returns 0": (node) => {
    const value = returnedBy(node);
    if (value === null || !OPAQUE.test(value.type)) return [];
    return [{ start: value.start, end: value.end, replacement: "0" }];
  },
};

const collapsed = (text: string) => text.replace(/\s+/g, " ").trim();

/** The mutants of a file, in the order of its lines. @throws {SyntaxError} */
export function mutantsOf(file: string, text: string): Mutant[] {
  const mutants: Mutant[] = [];
  for (const node of nodesOf(text)) {
    for (const [mutator, mutate] of Object.entries(MUTATORS)) {
      for (const change of mutate(node, text)) mutants.push(mutantOf(file, text, mutator, change));
    }
  }
  return mutants.sort((a, b) => a.start - b.start || a.end - b.end);
}

function mutantOf(file: string, text: string, mutator: string, change: Change): Mutant {
  const { start, end, replacement } = change;
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const newline = text.indexOf("\n", end);
  const to = newline < 0 ? text.length : newline;
  const line = text.slice(0, start).split("\n").length;
  return {
    ...change,
    file,
    mutator,
    line,
    lastLine: line + text.slice(start, end).split("\n").length - 1,
    before: collapsed(text.slice(from, to)),
    after: collapsed(text.slice(from, start) + replacement + text.slice(end, to)),
  };
}

/** The text of a file with a change in it. */
export function mutated(text: string, { start, end, replacement }: Change): string {
  return text.slice(0, start) + replacement + text.slice(end);
}
