/**
 * The syntax of a module, as far as mutations look at it: nodes with what they stand in, without types, comments and messages.
 *
 * @module
 */
import { parse } from "@babel/parser";

/** A node of the syntax. */
export interface SyntaxNode {
  readonly type: string;
  /** Characters from the beginning of the file. */
  readonly start: number;
  readonly end: number;
  /** What it stands in; null for the whole file. */
  readonly parent: SyntaxNode | null;
  /** As which of its parent's fields. */
  readonly role: string;
  /** A field that is a node, or null. */
  child(name: string): SyntaxNode | null;
  /** A field that is a list of nodes; empty where it is none. */
  children(name: string): SyntaxNode[];
  /** A field that is something else. */
  value(name: string): unknown;
}

type Raw = Readonly<Record<string, unknown>> & { type: string; start: number; end: number };

/** Nothing beneath these is of the program: types, what is imported, and the sentences of errors. */
const SKIPPED = /^TS(?!NonNull|As|Satisfies)|Annotation$|^(Import|Export(All|Named))Declaration$/;
/** Fields that are nodes of no meaning here. */
const ASIDE = new Set(["loc", "extra", "leadingComments", "trailingComments", "innerComments"]);

function isNode(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** Whether a node makes an error or only says something. */
function isMessage(raw: Raw): boolean {
  if (raw.type === "TemplateLiteral" || raw.type === "Super") return true;
  const callee = raw.type === "NewExpression" ? raw.callee : null;
  return isNode(callee) && /Error$/.test(String(callee.name));
}

function isSkipped(raw: Raw): boolean {
  // What is declared in an export is of the program; a list of names is not.
  if (raw.type === "ExportNamedDeclaration" && raw.declaration) return false;
  return SKIPPED.test(raw.type) || isMessage(raw);
}

/** Goes through the nodes of a module, each before what it holds. @throws {SyntaxError} */
export function* nodesOf(text: string): Generator<SyntaxNode> {
  const { program } = parse(text, { sourceType: "module", plugins: ["typescript"] });
  yield* walk(program as unknown as Raw, null, "program");
}

function* walk(raw: Raw, parent: SyntaxNode | null, role: string): Generator<SyntaxNode> {
  if (isSkipped(raw)) return;
  const node = nodeOf(raw, parent, role);
  yield node;
  for (const [name, value] of Object.entries(raw)) {
    if (ASIDE.has(name)) continue;
    for (const child of [value].flat().filter(isNode)) yield* walk(child, node, name);
  }
}

function nodeOf(raw: Raw, parent: SyntaxNode | null, role: string): SyntaxNode {
  const node: SyntaxNode = {
    type: raw.type,
    start: raw.start,
    end: raw.end,
    parent,
    role,
    child(name) {
      const value = raw[name];
      return isNode(value) ? nodeOf(value, node, name) : null;
    },
    children(name) {
      return [raw[name]].flat().filter(isNode).map((each) => nodeOf(each, node, name));
    },
    value: (name) => raw[name],
  };
  return node;
}
