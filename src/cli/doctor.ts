import { isAtLeast } from "../findings/severity.js";
import type { HostFacts } from "../host/facts.js";
import { judgeHost } from "../host/judge.js";
import { readCounters, type InterfaceCounters } from "../host/netstat.js";
import { readHost } from "../host/read-host.js";
import { LocalSystem } from "../host/system.js";
import { readLines } from "../logs/read-lines.js";
import { safeJson } from "../report/safe-text.js";
import { doctorReport } from "../report/text-doctor.js";
import { netstatReport } from "../report/text-netstat.js";
import type { DoctorOptions } from "./doctor-command.js";
import { ExitCode } from "./exit-codes.js";
import { readRecorded, writeRecorded } from "./host-recording.js";
import { printLines } from "./print.js";
import { standardOutput, styleOf } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/**
 * `leasetap doctor`: what the host is like, and what that means.
 *
 * @throws UsageError; EnvironmentError if a file cannot be read or the output not be written
 */
export async function runDoctor(options: DoctorOptions): Promise<ExitCode> {
  const style = styleOf(standardOutput(), process.env);
  if (options.netstat !== undefined) {
    const counters = await countersOf(options.netstat);
    const lines =
      options.json === true
        ? counters.map((one) => safeJson({ type: "counters", ...one }))
        : netstatReport(counters, style);
    await printLines(lines);
    return ExitCode.CLEAN;
  }
  if (options.watch !== undefined) {
    const { watchGuest } = await import("./doctor-watch.js");
    return watchGuest(options.watch, options);
  }
  if (options.duration !== undefined) throw new UsageError("--duration is for --watch: give both.");
  const read = options.host === undefined ? await readHost(new LocalSystem()) : readRecorded(options.host);
  if (options.record !== undefined) writeRecorded(options.record, read);
  const facts = only(read, options.interface);
  const judgements = judgeHost(facts);
  const records = [{ type: "host", ...facts }, ...judgements.map((judgement) => ({ type: "judgement", ...judgement }))];
  await printLines(options.json === true ? records.map(safeJson) : doctorReport(facts, judgements, style));
  const { failOn } = options;
  const bad = failOn !== "never" && judgements.some(({ severity }) => isAtLeast(severity, failOn));
  return bad ? ExitCode.FOUND : ExitCode.CLEAN;
}

async function countersOf(path: string): Promise<InterfaceCounters[]> {
  const lines: string[] = [];
  for await (const line of readLines(path, () => undefined)) {
    if (lines.length < MOST_LINES) lines.push(line);
  }
  return readCounters(lines.join("\n"));
}

/** A table of interfaces is shorter. */
const MOST_LINES = 100_000;

function only(facts: HostFacts, name: string | undefined): HostFacts {
  if (name === undefined) return facts;
  const bridges = facts.bridges.flatMap((bridge) => {
    if (bridge.name === name) return [bridge];
    const ports = bridge.ports.filter((port) => port.name === name);
    return ports.length === 0 ? [] : [{ ...bridge, ports }];
  });
  const loose = facts.loose.filter((port) => port.name === name);
  if (bridges.length > 0 || loose.length > 0) return { ...facts, bridges, loose };
  const known = facts.bridges.map((bridge) => bridge.name);
  throw new UsageError(
    `there is no bridge and no port of a bridge called ${JSON.stringify(name)}. ${
      known.length === 0 ? "This host has no bridge." : `Bridges of this host: ${known.join(", ")}.`
    }`,
  );
}
