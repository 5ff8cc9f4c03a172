import { isArray, isObject, type JsonObject, type Step } from "./json.js";
import { MalformedError } from "./malformed.js";
import { isOperation, isOperator, type Operator } from "./pattern.js";
import type { RecordShapes } from "./record-shape.js";

/** How many: exactly, or within bounds. */
export type Count = number | { readonly min?: number; readonly max?: number };

/** Of all records that fit `where`: how many there are, which frames they are, what holds for each. */
export interface Expectation {
  readonly about: string | null;
  readonly where: JsonObject;
  readonly count: Count | null;
  /** Numbers of the frames, for records of frames. */
  readonly frames: readonly number[] | null;
  readonly each: JsonObject | null;
}

/** One analysis. */
export interface Run {
  readonly name: string | null;
  /** Relative to the scenario's folder. */
  readonly inputs: readonly string[];
  /** Options as `leasetap analyze` takes them. */
  readonly args: readonly string[];
  readonly exit: number | null;
  readonly expect: readonly Expectation[];
}

export interface Expectations {
  readonly about: string;
  readonly runs: readonly Run[];
}

/**
 * Reads an expect.json; docs/expect.schema.json describes the same form.
 *
 * @throws MalformedError
 */
export function readExpectations(json: unknown, shapes: RecordShapes): Expectations {
  const file = object(json, [], ["$schema", "about", "runs"]);
  if (file["$schema"] !== undefined) text(file["$schema"], ["$schema"]);
  return {
    about: text(file["about"], ["about"]),
    runs: list(file["runs"], ["runs"]).map((run, index) => readRun(run, ["runs", index], shapes)),
  };
}

function readRun(json: unknown, path: readonly Step[], shapes: RecordShapes): Run {
  const run = object(json, path, ["name", "inputs", "args", "exit", "expect"]);
  const at = (key: string): unknown => run[key];
  return {
    name: at("name") === undefined ? null : text(at("name"), [...path, "name"]),
    inputs: list(at("inputs"), [...path, "inputs"]).map((item, index) => text(item, [...path, "inputs", index])),
    args:
      at("args") === undefined
        ? []
        : list(at("args"), [...path, "args"]).map((item, index) => text(item, [...path, "args", index])),
    exit: at("exit") === undefined ? null : wholeNumber(at("exit"), [...path, "exit"]),
    expect: list(at("expect"), [...path, "expect"]).map((item, index) =>
      readExpectation(item, [...path, "expect", index], shapes),
    ),
  };
}

function readExpectation(json: unknown, path: readonly Step[], shapes: RecordShapes): Expectation {
  const parts = object(json, path, ["about", "where", "count", "frames", "each"]);
  const where = checkedPattern(parts["where"], [...path, "where"]);
  const { type } = where;
  if (typeof type !== "string" || !shapes.types.includes(type)) {
    throw new MalformedError([...path, "where", "type"], `name the type of record: ${shapes.types.join(", ")}.`);
  }
  shapes.check(type, where, [...path, "where"]);
  const each = parts["each"] === undefined ? null : checkedPattern(parts["each"], [...path, "each"]);
  if (each !== null) shapes.check(type, each, [...path, "each"]);
  const { frames } = parts;
  if (frames !== undefined && type !== "frame") {
    throw new MalformedError([...path, "frames"], 'only records of type "frame" have numbers: use "each" or "where".');
  }
  return {
    about: parts["about"] === undefined ? null : text(parts["about"], [...path, "about"]),
    where,
    count: parts["count"] === undefined ? null : readCount(parts["count"], [...path, "count"]),
    frames:
      frames === undefined
        ? null
        : list(frames, [...path, "frames"], 0).map((item, index) => wholeNumber(item, [...path, "frames", index])),
    each,
  };
}

function readCount(json: unknown, path: readonly Step[]): Count {
  if (!isObject(json)) return wholeNumber(json, path);
  const bounds = object(json, path, ["min", "max"]);
  const min = bounds["min"] === undefined ? undefined : wholeNumber(bounds["min"], [...path, "min"]);
  const max = bounds["max"] === undefined ? undefined : wholeNumber(bounds["max"], [...path, "max"]);
  if (min === undefined && max === undefined) throw new MalformedError(path, "name min, max or both.");
  if (min !== undefined && max !== undefined && min > max) throw new MalformedError(path, "min is above max.");
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function checkedPattern(json: unknown, path: readonly Step[]): JsonObject {
  if (!isObject(json) || isOperation(json)) throw new MalformedError(path, "an object of keys to compare is needed.");
  checkOperators(json, path);
  return json;
}

function checkOperators(json: unknown, path: readonly Step[]): void {
  if (isArray(json)) {
    json.forEach((item, index) => checkOperators(item, [...path, index]));
  } else if (isObject(json)) {
    const operation = isOperation(json);
    for (const [key, item] of Object.entries(json)) {
      const here = [...path, key];
      if (operation && !isOperator(key)) {
        throw new MalformedError(here, "no such operator; it may not stand beside others either.");
      }
      if (operation && isOperator(key)) checkOperand(key, item, here);
      checkOperators(item, here);
    }
  }
}

function checkOperand(operator: Operator, operand: unknown, path: readonly Step[]): void {
  if (operator === "$min" || operator === "$max") {
    if (typeof operand !== "number" && typeof operand !== "string") {
      throw new MalformedError(path, "a number or a time is needed.");
    }
  } else if (operator === "$oneOf") {
    list(operand, path);
  } else if (operator === "$length") {
    if (typeof operand === "number" ? !Number.isInteger(operand) : !isOperation(operand)) {
      throw new MalformedError(path, 'a whole number is needed, or bounds such as { "$min": 2 }.');
    }
  } else if (operator === "$matches") {
    const expression = text(operand, path);
    try {
      new RegExp(expression, "u");
    } catch {
      throw new MalformedError(path, "it is no regular expression.");
    }
  }
}

function object(json: unknown, path: readonly Step[], keys: readonly string[]): JsonObject {
  if (!isObject(json)) throw new MalformedError(path, "an object is needed.");
  const stranger = Object.keys(json).find((key) => !keys.includes(key));
  if (stranger !== undefined) {
    throw new MalformedError([...path, stranger], `there is no such key; there are ${keys.join(", ")}.`);
  }
  return json;
}

function list(json: unknown, path: readonly Step[], least = 1): readonly unknown[] {
  if (!isArray(json)) throw new MalformedError(path, "a list is needed.");
  if (json.length < least) throw new MalformedError(path, "the list is empty.");
  return json;
}

function text(json: unknown, path: readonly Step[]): string {
  if (typeof json !== "string" || json === "") throw new MalformedError(path, "a text is needed.");
  return json;
}

function wholeNumber(json: unknown, path: readonly Step[]): number {
  if (typeof json !== "number" || !Number.isInteger(json) || json < 0) {
    throw new MalformedError(path, "a whole number from 0 on is needed.");
  }
  return json;
}
