import { join } from "node:path";
import { CommanderError } from "commander";
import { records } from "../report/json.js";
import type { Outcome } from "../verify/compare.js";
import { pathText } from "../verify/json.js";
import { MalformedError } from "../verify/malformed.js";
import { loadRecordShapes, type RecordShapes } from "../verify/record-shape.js";
import {
  checkScenario,
  EXPECT_FILE,
  findScenarios,
  readScenario,
  updateScenario,
  type Disagreement,
} from "../verify/scenario.js";
import { parseAnalyzeWords } from "./analyze-command.js";
import { complain } from "./complaint.js";
import { examine } from "./examine.js";
import { ExitCode } from "./exit-codes.js";
import { interruptible } from "./interrupt.js";
import type { Log } from "./log.js";
import { printLines } from "./print.js";
import { UsageError } from "./usage-error.js";
import type { VerifyOptions } from "./verify-command.js";

type Verdict = "passed" | "failed" | "updated" | "malformed";

/**
 * `leasetap verify`: a line for each scenario, and under it what differs.
 *
 * @throws UsageError if there is no scenario; EnvironmentError if a folder cannot be read
 */
export async function runVerify(folders: readonly string[], options: VerifyOptions, log: Log): Promise<ExitCode> {
  const found = [...new Set(folders.flatMap(findScenarios))];
  if (found.length === 0) {
    throw new UsageError(
      `no ${EXPECT_FILE} at or below ${folders.join(", ")}: docs/scenarios.md says how to write one.`,
    );
  }
  const shapes = loadRecordShapes();
  const verdicts: Verdict[] = [];
  const interrupted = await interruptible(async (signal) => {
    for (const folder of found) {
      if (signal.aborted) return true;
      const started = process.uptime();
      const verdict = await verify(folder, shapes, options.update === true);
      log.debug(() => ({ folder, verdict, milliseconds: (process.uptime() - started) * 1000 }), "scenario");
      verdicts.push(verdict);
    }
    return signal.aborted;
  });
  await printLines([summary(verdicts)]);
  if (interrupted) return ExitCode.INTERRUPTED;
  if (verdicts.includes("malformed")) return ExitCode.USAGE;
  return verdicts.includes("failed") ? ExitCode.FOUND : ExitCode.CLEAN;
}

async function verify(folder: string, shapes: RecordShapes, update: boolean): Promise<Verdict> {
  try {
    const scenario = readScenario(folder, shapes);
    const disagreements = await checkScenario(scenario, analysis);
    if (disagreements.length === 0) {
      await printLines([`ok       ${folder}`]);
      return "passed";
    }
    if (update) {
      const changes = updateScenario(scenario, disagreements);
      const lines = changes.flatMap(({ at, before, after }) => [`  ${at}`, `    - ${before}`, `    + ${after}`]);
      await printLines([`updated  ${folder}`, ...lines]);
      return "updated";
    }
    await printLines([`FAILED   ${folder}`, ...disagreements.map(describe)]);
    return "failed";
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    await printLines([`FAILED   ${folder}`]);
    complain(`${join(folder, EXPECT_FILE)}: ${error.message}`);
    return "malformed";
  }
}

function describe({ run, path, sentence }: Disagreement): string {
  return `  ${run}: ${sentence} (${pathText(path)})`;
}

/** @throws MalformedError for options that `analyze` does not take */
async function analysis(folder: string, inputs: readonly string[], args: readonly string[]): Promise<Outcome> {
  try {
    const options = await parseAnalyzeWords(args);
    const { found, filter, exitCode } = await examine(inputs, { ...options, json: true, frames: true, folder });
    return { records: [...records(found, filter, true)], exitCode };
  } catch (error) {
    if (error instanceof UsageError || error instanceof CommanderError) throw new MalformedError([], error.message);
    throw error;
  }
}

function summary(verdicts: readonly Verdict[]): string {
  const count = (...wanted: Verdict[]): number => verdicts.filter((verdict) => wanted.includes(verdict)).length;
  const updated = count("updated");
  return `${count("passed")} passed, ${count("failed", "malformed")} failed${updated === 0 ? "" : `, ${updated} updated`}`;
}
