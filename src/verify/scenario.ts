import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inputError } from "../capture/errors.js";
import { compareRun, type Outcome } from "./compare.js";
import { readExpectations, type Expectations } from "./expectation.js";
import { isObject, layOut, oneLine, pathText, withValue, type Step } from "./json.js";
import { MalformedError } from "./malformed.js";
import type { RecordShapes } from "./record-shape.js";

export const EXPECT_FILE = "expect.json";

export interface Scenario {
  readonly folder: string;
  readonly expectations: Expectations;
  /** The file as it is, for --update. */
  readonly json: unknown;
}

/** A difference, with its place in the file. */
export interface Disagreement {
  readonly run: string;
  readonly path: readonly Step[];
  readonly sentence: string;
  readonly replacement: unknown;
}

/** Analyzes captures of a folder. @throws MalformedError where it cannot be done with these arguments */
export type Analysis = (folder: string, inputs: readonly string[], args: readonly string[]) => Promise<Outcome>;

/**
 * The folders at and below `folder` that hold a scenario, in the order of their names.
 *
 * @throws EnvironmentError if a folder cannot be read
 */
export function findScenarios(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const below = entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
      .map(({ name }) => name)
      .sort()
      .flatMap((name) => findScenarios(join(folder, name)));
    return entries.some(({ name }) => name === EXPECT_FILE) ? [folder, ...below] : below;
  } catch (error) {
    throw inputError(error, folder);
  }
}

/** @throws MalformedError; EnvironmentError if the file cannot be read */
export function readScenario(folder: string, shapes: RecordShapes): Scenario {
  const json = parse(join(folder, EXPECT_FILE));
  const expectations = readExpectations(json, shapes);
  for (const [index, { inputs }] of expectations.runs.entries()) {
    for (const [number, input] of inputs.entries()) {
      if (existsSync(join(folder, input))) continue;
      throw new MalformedError(["runs", index, "inputs", number], `${JSON.stringify(input)} is not in this folder.`);
    }
  }
  return { folder, expectations, json };
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) throw new MalformedError([], `it is no JSON: ${error.message}`);
    throw inputError(error, path);
  }
}

/** Runs a scenario. @throws MalformedError from `analysis` */
export async function checkScenario({ folder, expectations }: Scenario, analysis: Analysis): Promise<Disagreement[]> {
  const disagreements: Disagreement[] = [];
  for (const [index, run] of expectations.runs.entries()) {
    const outcome = await analysis(folder, run.inputs, run.args).catch((error: unknown): never => {
      throw error instanceof MalformedError ? new MalformedError(["runs", index, "args"], error.message) : error;
    });
    const name = run.name ?? run.inputs.join(" + ");
    for (const { path, sentence, replacement } of compareRun(run, outcome)) {
      disagreements.push({ run: name, path: ["runs", index, ...path], sentence, replacement });
    }
  }
  return disagreements;
}

/** A change of an expect.json, for the reader. */
export interface Change {
  readonly at: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Writes what was found where the scenario expected something else.
 *
 * @throws EnvironmentError if the file cannot be written
 */
export function updateScenario({ folder, json }: Scenario, disagreements: readonly Disagreement[]): Change[] {
  const path = join(folder, EXPECT_FILE);
  const updated = disagreements.reduce((file, change) => withValue(file, change.path, change.replacement), json);
  try {
    writeFileSync(path, `${layOut(updated)}\n`);
  } catch (error) {
    throw inputError(error, path);
  }
  return disagreements.map((change) => ({
    at: pathText(change.path),
    before: before(json, change.path),
    after: oneLine(change.replacement),
  }));
}

function before(json: unknown, path: readonly Step[]): string {
  const value = path.reduce<unknown>((inner, step) => {
    if (Array.isArray(inner) && typeof step === "number") return inner[step];
    return isObject(inner) ? inner[step] : undefined;
  }, json);
  return value === undefined ? "nothing" : oneLine(value);
}
