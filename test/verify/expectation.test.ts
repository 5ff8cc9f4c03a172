import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readExpectations } from "../../src/verify/expectation.js";
import { withValue, type Step } from "../../src/verify/json.js";
import { MalformedError } from "../../src/verify/malformed.js";
import { loadRecordShapes } from "../../src/verify/record-shape.js";
import { isJson, pcaps } from "../support/program.js";

const schema = readJson(new URL("../../docs/expect.schema.json", import.meta.url));
const validate = new Ajv({ allowUnionTypes: true, strictTypes: false, formats: { regex: isRegex } }).compile(
  isJson(schema) ? schema : {},
);
const shapes = loadRecordShapes();

const valid = {
  $schema: "../../docs/expect.schema.json",
  about: "a story",
  runs: [
    {
      name: "bridge",
      inputs: ["bridge.pcap", "tap.pcap"],
      args: ["--client", "10.8.12.20"],
      exit: 1,
      expect: [
        {
          about: "partial",
          where: { type: "frame", "udp.checksum.verdict": "partial", "link.vlan": [100] },
          frames: [2, 4],
        },
        { where: { type: "renewal", outcome: { $oneOf: ["expired", "refused"] } }, count: { min: 1, max: 3 } },
        {
          where: { type: "finding", severity: { $not: "note" }, alternatives: { $contains: ["no-reply"], $length: 1 } },
          count: 0,
        },
        {
          where: { type: "renewal" },
          each: {
            attempts: { $length: { $min: 1 }, $every: { cause: { $not: null } } },
            "attempts.*.replies.*.outcome": { $contains: "ignored" },
            started: { $min: "2026-11-22", $matches: "Z$" },
            ended: null,
          },
        },
      ],
    },
  ],
};

describe("expect.json", () => {
  it("is read where it is as docs/expect.schema.json has it", () => {
    expect(refusal(valid)).toBeNull();
    expect(validate(valid)).toBe(true);
  });

  it("every scenario of pcaps/ agrees with the schema and names it", () => {
    const names = readdirSync(pcaps);
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) {
      const json = readJson(join(pcaps, name, "expect.json"));
      expect(validate(json), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
      expect(isJson(json) && json["$schema"]).toBe("../../docs/expect.schema.json");
    }
  });

  const run = ["runs", 0] as const;
  it.each([
    [[], [], "an object is needed."],
    [["about"], undefined, "about: a text is needed."],
    [["abuot"], "x", "abuot: there is no such key; there are $schema, about, runs."],
    [["runs"], [], "runs: the list is empty."],
    [["runs"], {}, "runs: a list is needed."],
    [[...run, "inputs"], undefined, "runs[0].inputs: a list is needed."],
    [[...run, "inputs", 1], 5, "runs[0].inputs[1]: a text is needed."],
    [[...run, "args"], "--client", "runs[0].args: a list is needed."],
    [[...run, "exit"], 1.5, "runs[0].exit: a whole number from 0 on is needed."],
    [[...run, "expect", 0, "where"], undefined, "runs[0].expect[0].where: an object of keys"],
    [[...run, "expect", 0, "where"], { frame: 3 }, "runs[0].expect[0].where.type: name the type of record: start, "],
    [[...run, "expect", 0, "where", "type"], "frames", "runs[0].expect[0].where.type: name the type"],
    [[...run, "expect", 1, "frames"], [1], "runs[0].expect[1].frames: only records of type"],
    [[...run, "expect", 0, "frames", 1], -1, "runs[0].expect[0].frames[1]: a whole number"],
    [[...run, "expect", 1, "count"], {}, "runs[0].expect[1].count: name min, max or both."],
    [[...run, "expect", 1, "count", "least"], 3, "runs[0].expect[1].count.least: there is no such key"],
    [
      [...run, "expect", 1, "where", "outcome", "$least"],
      1,
      "runs[0].expect[1].where.outcome.$least: no such operator",
    ],
    [
      [...run, "expect", 1, "where", "outcome", "$oneOf"],
      [],
      "runs[0].expect[1].where.outcome.$oneOf: the list is empty.",
    ],
    [
      [...run, "expect", 3, "each", "started", "$matches"],
      "(",
      "runs[0].expect[3].each.started.$matches: it is no reg",
    ],
    [[...run, "expect", 3, "each", "started", "$min"], true, "runs[0].expect[3].each.started.$min: a number or a time"],
    [
      [...run, "expect", 3, "each", "attempts", "$length"],
      "1",
      "runs[0].expect[3].each.attempts.$length: a whole number",
    ],
    [[...run, "expect", 3, "each"], { $not: {} }, "runs[0].expect[3].each: an object of keys"],
  ])("is refused, by the schema as well, with %j replaced by %j", (path, value, message) => {
    const json = plain(withValue(valid, path, value));
    expect(refusal(json)).toContain(message);
    expect(validate(json)).toBe(false);
  });

  it.each([
    [
      "a key that no such record has",
      ["where", "outcom"],
      "lost",
      'expect[1].where.outcom: there is no "outcom" among',
    ],
    [
      "a path that leads nowhere",
      ["where", "attempts.*.cuase"],
      null,
      '"attempts.*.cuase"]: there is no "cuase" among',
    ],
    ["an index where there is no list", ["where", "outcome.0"], "x", 'there is no "0"'],
    [
      "a word that never stands there",
      ["where", "phase"],
      "BOUND",
      '"BOUND" never stands here: it is one of "RENEWING"',
    ],
    ["a word of the wrong type", ["where", "started"], 5, "5 never stands here"],
    ["a list where there is none", ["where", "phase"], ["RENEWING"], "there is no list here"],
    ["a wrong word within an operator", ["where", "phase"], { $not: "BOUND" }, "where.phase.$not"],
    ["a wrong word within a list of words", ["where", "phase"], { $oneOf: ["BOUND"] }, "where.phase.$oneOf[0]"],
    ["a wrong word for elements", ["where", "alternatives"], { $contains: "none" }, "where.alternatives.$contains"],
    ["a wrong word for every element", ["where", "alternatives"], { $every: "none" }, "where.alternatives.$every"],
    ["bounds the wrong way round", ["count"], { min: 3, max: 1 }, "count: min is above max."],
  ])("is refused for %s, which no schema of it can tell", (_name, path, value, message) => {
    const json = withValue(valid, ["runs", 0, "expect", 1, ...path], value);
    expect(refusal(json)).toContain(message);
    expect(validate(json)).toBe(true);
  });

  it("what is read always agrees with the schema, whatever it is changed to", () => {
    const values = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(
        { $min: 1 },
        { $not: null },
        { $length: {} },
        { $every: [] },
        { $contains: {} },
        [],
        {},
        "",
        0,
        -1,
      ),
      fc.constantFrom({ "a.b": 1 }, { $min: 1, a: 2 }, { min: 0 }, "frame", { type: "frame" }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths(valid)), values, (path, value) => {
        const json = withValue(valid, path, value);
        const message = refusal(json);
        if (message === null) expect(validate(json), JSON.stringify(json)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});

/** What the reader says against it; null: nothing. */
function refusal(json: unknown): string | null {
  try {
    readExpectations(json, shapes);
    return null;
  } catch (error) {
    if (error instanceof MalformedError) return error.message;
    throw error;
  }
}

/** Every place of a piece of JSON. */
function paths(json: unknown, path: readonly Step[] = []): Step[][] {
  const below = Array.isArray(json)
    ? json.flatMap((item, index) => paths(item, [...path, index]))
    : isJson(json)
      ? Object.entries(json).flatMap(([key, item]) => paths(item, [...path, key]))
      : [];
  return [[...path], ...below];
}

/** Without the keys whose values are undefined. */
function plain(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json));
}

function readJson(path: string | URL): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

function isRegex(text: string): boolean {
  try {
    return new RegExp(text, "u").source !== "";
  } catch {
    return false;
  }
}
