import { basename } from "node:path";
import type { PointNames } from "../analyze.js";
import { UsageError } from "./usage-error.js";

/** "bridge.pcap=br0": which input is called what. */
export interface PointName {
  readonly file: string;
  readonly name: string;
}

/** @throws UsageError */
export function parsePointName(text: string): PointName {
  const at = text.lastIndexOf("=");
  const [file, name] = [text.slice(0, at), text.slice(at + 1)];
  if (at > 0 && name !== "") return { file, name };
  throw new UsageError(`${JSON.stringify(text)} names no capture point: write FILE=NAME, as bridge.pcap=br0.`);
}

/**
 * An input is meant by its name as it was given, or by the last part of its path where no other has that.
 *
 * @throws UsageError, from the function that is given back, if one means no input, or several
 */
export function pointNames(wanted: readonly PointName[]): PointNames {
  return (inputs) => new Map(wanted.map(({ file, name }) => [inputOf(file, inputs), name]));
}

function inputOf(file: string, inputs: readonly string[]): string {
  if (inputs.includes(file)) return file;
  const [found, second] = inputs.filter((input) => basename(input) === file);
  if (found !== undefined && second === undefined) return found;
  throw new UsageError(
    found === undefined
      ? `--name: no input is called ${JSON.stringify(file)}.`
      : `--name: several inputs are called ${JSON.stringify(file)}: give the whole path.`,
  );
}
