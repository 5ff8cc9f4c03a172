import { Option, type Command } from "commander";
import { localZone, namedZone, UTC, type Zone } from "../report/zone.js";
import { UsageError } from "./usage-error.js";

/** By whose clock times are written. */
export interface ZoneOptions {
  readonly utc?: true;
  readonly tz?: Zone;
}

export function withZone(command: Command): Command {
  return command
    .addOption(new Option("--utc", "write times in UTC, not by this machine's clock").conflicts("tz"))
    .option("--tz <ZONE>", "write times by the clock of a zone: Europe/Berlin, +05:30", parseZone);
}

/** That of this machine unless another was named. */
export function zoneOf({ utc, tz }: ZoneOptions): Zone {
  return utc === true ? UTC : (tz ?? localZone());
}

/** @throws UsageError */
export function parseZone(name: string): Zone {
  const zone = namedZone(name);
  if (zone !== null) return zone;
  throw new UsageError(`${JSON.stringify(name)} is no time zone: write one as Europe/Berlin, or an offset as +01:00.`);
}
