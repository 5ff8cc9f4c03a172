import { readFileSync } from "node:fs";
import { isArray, isObject, type JsonObject, type Step } from "./json.js";
import { MalformedError } from "./malformed.js";
import { isOperation, isOperator, type Operator } from "./pattern.js";

/**
 * Checks patterns against docs/events.schema.json. A pattern with a slip in it fits nothing, and would make "count: 0"
 * pass for ever.
 */
export interface RecordShapes {
  readonly types: readonly string[];
  /** @throws MalformedError where no record of this type can fit */
  check(type: string, pattern: JsonObject, path: readonly Step[]): void;
}

/** A part of the schema without references and alternatives. */
type Node = JsonObject;

export function loadRecordShapes(): RecordShapes {
  const schema: unknown = JSON.parse(readFileSync(new URL("../../docs/events.schema.json", import.meta.url), "utf8"));
  const definitions = isObject(schema) && isObject(schema["definitions"]) ? schema["definitions"] : {};
  const plain = (node: unknown): Node[] => plainNodes(node, definitions);
  const records = new Map(
    plain(schema).flatMap((node): [string, Node][] => {
      const type = plain(member(node, "type"))[0]?.["const"];
      return typeof type === "string" ? [[type, node]] : [];
    }),
  );
  return {
    types: [...records.keys()],
    check: (type, pattern, path) => {
      const node = records.get(type);
      if (node !== undefined) checkPattern(pattern, [node], path, plain);
    },
  };
}

type Plain = (node: unknown) => Node[];

function plainNodes(node: unknown, definitions: JsonObject): Node[] {
  if (!isObject(node)) return [];
  const { $ref: reference, anyOf: alternatives } = node;
  if (typeof reference === "string") return plainNodes(definitions[reference.replace(/^.*\//, "")], definitions);
  return isArray(alternatives) ? alternatives.flatMap((item) => plainNodes(item, definitions)) : [node];
}

function member(node: Node, key: string): unknown {
  const { properties } = node;
  return isObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
}

function checkPattern(pattern: unknown, nodes: readonly Node[], path: readonly Step[], plain: Plain): void {
  if (isOperation(pattern)) {
    for (const [key, operand] of Object.entries(pattern)) {
      if (isOperator(key)) checkOperand(key, operand, nodes, [...path, key], plain);
    }
  } else if (isArray(pattern)) {
    const items = elements(nodes, plain);
    if (items.length === 0) throw new MalformedError(path, "there is no list here.");
    pattern.forEach((item, index) => checkPattern(item, items, [...path, index], plain));
  } else if (isObject(pattern)) {
    for (const [key, item] of Object.entries(pattern)) {
      checkPattern(item, followed(nodes, key.split("."), [...path, key], plain), [...path, key], plain);
    }
  } else if (!nodes.some((node) => admits(node, pattern))) {
    throw new MalformedError(path, `${JSON.stringify(pattern)} never stands here${choices(nodes)}.`);
  }
}

function checkOperand(
  operator: Operator,
  operand: unknown,
  nodes: readonly Node[],
  path: readonly Step[],
  plain: Plain,
): void {
  const alternatives = isArray(operand) ? operand : [operand];
  const indexed = (index: number): readonly Step[] => (isArray(operand) ? [...path, index] : path);
  switch (operator) {
    case "$oneOf":
      alternatives.forEach((item, index) => checkPattern(item, nodes, indexed(index), plain));
      return;
    case "$not":
      checkPattern(operand, nodes, path, plain);
      return;
    case "$contains":
      alternatives.forEach((item, index) => checkPattern(item, elements(nodes, plain), indexed(index), plain));
      return;
    case "$every":
      checkPattern(operand, elements(nodes, plain), path, plain);
      return;
    case "$min":
    case "$max":
    case "$length":
    case "$matches":
  }
}

/** What a path of keys may lead to. @throws MalformedError where it leads nowhere */
function followed(nodes: readonly Node[], steps: readonly string[], path: readonly Step[], plain: Plain): Node[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [...nodes];
  if (step === "*") {
    if (rest.includes("*")) return followed(elements(nodes, plain), rest, path, plain);
    return [{ type: "array", items: { anyOf: followed(elements(nodes, plain), rest, path, plain) } }];
  }
  const next = /^\d+$/.test(step) ? elements(nodes, plain) : nodes.flatMap((node) => plain(member(node, step)));
  if (next.length === 0) {
    const known = nodes.flatMap(({ properties }) => (isObject(properties) ? Object.keys(properties) : []));
    throw new MalformedError(
      path,
      `there is no ${JSON.stringify(step)}${known.length === 0 ? "" : ` among ${known.join(", ")}`}.`,
    );
  }
  return followed(next, rest, path, plain);
}

function elements(nodes: readonly Node[], plain: Plain): Node[] {
  return nodes.flatMap(({ items }) => plain(items));
}

function admits(node: Node, value: unknown): boolean {
  const { const: constant, enum: values, type } = node;
  if (constant !== undefined) return constant === value;
  if (isArray(values)) return values.includes(value);
  const types = isArray(type) ? type : [type];
  return types.some((name) => (name === "integer" ? Number.isInteger(value) : name === typeName(value)));
}

function typeName(value: unknown): string {
  return value === null ? "null" : typeof value;
}

function choices(nodes: readonly Node[]): string {
  const words = nodes.flatMap(({ enum: values }) => (isArray(values) ? values : []));
  return words.length === 0 ? "" : `: it is one of ${words.map((word) => JSON.stringify(word)).join(", ")}`;
}
