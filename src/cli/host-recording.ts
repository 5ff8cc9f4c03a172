import { readFileSync, writeFileSync } from "node:fs";
import { codeOf, EnvironmentError, inputError, inputName } from "../capture/errors.js";
import type { HostFacts } from "../host/facts.js";
import { readRecording, writeRecording, type Unreadable } from "../host/recording.js";
import { VERSION } from "../version.js";

/** @throws EnvironmentError if the file cannot be read, or is no recording of a host */
export function readRecorded(path: string): HostFacts {
  let text: string;
  try {
    text = readFileSync(path === "-" ? 0 : path, "utf8");
  } catch (error) {
    throw inputError(error, path);
  }
  const recording = readRecording(text);
  if (typeof recording !== "string") return recording.host;
  throw new EnvironmentError(`host-${recording}`, `${inputName(path)} ${REASONS[recording]}`);
}

const REASONS: Readonly<Record<Unreadable, string>> = {
  "no-recording": "is no recording of a host: make one with leasetap doctor --record host.json.",
  "other-schema": "was recorded by another version of leasetap: read it with that one, or record the host again.",
  damaged: "is a recording of a host that was changed or cut: record the host again.",
};

/** @throws EnvironmentError if the file cannot be written */
export function writeRecorded(path: string, facts: HostFacts): void {
  try {
    writeFileSync(path, writeRecording(facts, VERSION, new Date()));
  } catch (error) {
    const code = codeOf(error);
    if (code === null) throw error;
    const why =
      code === "ENOSPC"
        ? "its disk is full"
        : code === "ENOENT"
          ? "its folder does not exist"
          : `the system says ${code}`;
    throw new EnvironmentError(code, `${inputName(path)} cannot be written: ${why}.`, error);
  }
}
