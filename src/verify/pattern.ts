import { isArray, isObject, type JsonObject } from "./json.js";

/**
 * A pattern describes JSON in part, so that what is added to records later does not break it:
 *
 * - a string, number, boolean or null: exactly that;
 * - an object: each of its keys fits; other keys of the value do not matter. A key may be a path ("dhcp.message",
 *   "attempts.0.cause"), and * in it gathers from all elements of a list ("evidence.*.frame");
 * - a list: as many elements, each fitting, in that order;
 * - an object of operators, all of which hold.
 */
export const OPERATORS = ["$min", "$max", "$not", "$oneOf", "$contains", "$every", "$length", "$matches"] as const;

export type Operator = (typeof OPERATORS)[number];

export function isOperator(key: string): key is Operator {
  return OPERATORS.some((operator) => operator === key);
}

export function isOperation(pattern: unknown): pattern is JsonObject {
  return isObject(pattern) && Object.keys(pattern).some((key) => key.startsWith("$"));
}

export function fits(pattern: unknown, value: unknown): boolean {
  if (isOperation(pattern)) {
    return Object.entries(pattern).every(([key, operand]) => isOperator(key) && holds(key, operand, value));
  }
  if (isArray(pattern)) {
    return (
      isArray(value) && value.length === pattern.length && pattern.every((item, index) => fits(item, value[index]))
    );
  }
  if (isObject(pattern)) {
    return isObject(value) && Object.entries(pattern).every(([path, item]) => fits(item, valueAt(value, path)));
  }
  return pattern === value;
}

/** What a path leads to; undefined where it leads nowhere. */
export function valueAt(value: unknown, path: string): unknown {
  return follow(value, path.split("."));
}

function follow(value: unknown, steps: readonly string[]): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (isArray(value)) {
    if (step === "*") return gather(value, rest);
    return /^\d+$/.test(step) ? follow(value[Number(step)], rest) : undefined;
  }
  return isObject(value) && Object.hasOwn(value, step) ? follow(value[step], rest) : undefined;
}

/** From all elements; a gathering within a gathering makes one list. */
function gather(list: readonly unknown[], rest: readonly string[]): unknown[] {
  const gathered = list.map((item) => follow(item, rest)).filter((item) => item !== undefined);
  return rest.includes("*") ? gathered.flat() : gathered;
}

function holds(operator: Operator, operand: unknown, value: unknown): boolean {
  switch (operator) {
    case "$min":
      return compare(value, operand, (a, b) => a >= b);
    case "$max":
      return compare(value, operand, (a, b) => a <= b);
    case "$not":
      return !fits(operand, value);
    case "$oneOf":
      return isArray(operand) && operand.some((item) => fits(item, value));
    case "$contains": {
      const wanted = isArray(operand) ? operand : [operand];
      return isArray(value) && wanted.every((item) => value.some((element) => fits(item, element)));
    }
    case "$every":
      return isArray(value) && value.every((element) => fits(operand, element));
    case "$length":
      return isArray(value) && fits(operand, value.length);
    case "$matches":
      return typeof value === "string" && typeof operand === "string" && new RegExp(operand, "u").test(value);
  }
}

/** Numbers as such; times as text, for which they need only lose their Z. */
function compare(value: unknown, bound: unknown, holdsFor: (a: number | string, b: number | string) => boolean) {
  if (typeof value === "number" && typeof bound === "number") return holdsFor(value, bound);
  if (typeof value === "string" && typeof bound === "string") {
    return holdsFor(value.replace(/Z$/, ""), bound.replace(/Z$/, ""));
  }
  return false;
}
