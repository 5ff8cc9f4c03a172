import { Command, Option } from "commander";
import { withPage, type CommandPage } from "./command-page.js";
import { ExitCode, FAIL_ON, type FailOn } from "./exit-codes.js";
import { parseYear } from "./calendar.js";
import { parseZone } from "./zone-options.js";
import type { Zone } from "../report/zone.js";

export interface LogOptions {
  readonly json?: true;
  readonly year?: number;
  /** Without it, the zone of this machine. */
  readonly tz?: Zone;
  readonly failOn: FailOn;
}

export type LogAction = (files: readonly string[], options: LogOptions) => Promise<void>;

export function logCommand(action: LogAction): Command {
  const command = new Command("log")
    .summary("say what a client's or server's log proves, without a capture")
    .description(
      "Reads logs of DHCP clients and servers, and lines of tcpdump -vv, and says what they prove, what they cannot tell, and which capture would settle it.",
    )
    .argument("[FILE...]", "logs (syslog, journal, plain; also compressed with gzip, lz4 or zstd); - is standard input")
    .option("--json", "print one JSON record a line (docs/json.md)")
    .option(
      "--year <YEAR>",
      "the year of the first line, for stamps without one; else the file's time tells it",
      parseYear,
    )
    .option(
      "--tz <ZONE>",
      "the zone of stamps without one: Europe/Berlin, +01:00; else that of this machine",
      parseZone,
    )
    .addOption(
      new Option("--fail-on <SEVERITY>", "end with code 1 if a finding is at least this bad")
        .choices(FAIL_ON)
        .default("warning"),
    )
    .action((files: string[], options: LogOptions) => action(files, options));
  return withPage(command, PAGE);
}

const PAGE: CommandPage = {
  examples: [
    {
      does: "what a guest's log says of its leases",
      line: "leasetap log dhcpcd-partial.log",
      recorded: { folder: "../test/logs/recorded", ends: ExitCode.FOUND },
    },
    {
      does: "the journal of systemd-networkd",
      line: "journalctl -o json -u systemd-networkd | leasetap log -",
      recorded: null,
    },
  ],
  exits: [
    [ExitCode.CLEAN, "nothing as bad as --fail-on"],
    [ExitCode.FOUND, "something as bad as --fail-on, or worse"],
    [ExitCode.USAGE, "the command was used wrongly"],
    [ExitCode.INCOMPLETE, "a log could not be read whole, or the output not be written"],
  ],
};
