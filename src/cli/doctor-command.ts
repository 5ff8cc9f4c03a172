import { Command, Option } from "commander";
import { withPage, type CommandPage } from "./command-page.js";
import { ExitCode, FAIL_ON, type FailOn } from "./exit-codes.js";

export interface DoctorOptions {
  readonly interface?: string;
  readonly netstat?: string;
  readonly record?: string;
  /** A recording to be judged in place of this machine. */
  readonly host?: string;
  readonly json?: true;
  readonly failOn: FailOn;
}

export type DoctorAction = (options: DoctorOptions) => Promise<void>;

export function doctorCommand(action: DoctorAction): Command {
  const command = new Command("doctor")
    .summary("say which guests of this host are exposed, and which device to switch")
    .description(
      "Reads bridges, ports, checksum offload and the machines behind taps, and says what they mean for DHCP. It changes nothing.",
    )
    .option("-i, --interface <BRIDGE>", "look at this bridge or port only")
    .addOption(
      new Option("--record <FILE>", "save what was read, for analyze --host FILE on another machine").conflicts([
        "netstat",
        "host",
      ]),
    )
    .addOption(new Option("--host <FILE>", "judge what was saved, not this machine").conflicts("netstat"))
    .option("--netstat <FILE>", "instead: tell whether the collisions in a guest's netstat -i or ip -s link are real")
    .option("--json", "print facts and judgements as one JSON record a line (docs/doctor.md)")
    .addOption(
      new Option("--fail-on <SEVERITY>", "end with code 1 if a judgement is at least this bad")
        .choices(FAIL_ON)
        .default("warning"),
    )
    .action((options: DoctorOptions) => action(options));
  return withPage(command, PAGE);
}

const PAGE: CommandPage = {
  notes: ["As root it sees which machine is behind each tap."],
  examples: [
    {
      does: "the bridge br0 and its ports",
      line: "leasetap doctor -i br0",
      recorded: null,
    },
    {
      does: "keep what this host is like, for: analyze bridge.pcap --host host.json",
      line: "leasetap doctor --record host.json",
      recorded: null,
    },
    {
      does: "whether the collisions of a guest are real",
      line: "ssh guest netstat -i | leasetap doctor --netstat -",
      recorded: null,
    },
  ],
  exits: [
    [ExitCode.CLEAN, "nothing as bad as --fail-on"],
    [ExitCode.FOUND, "something as bad as --fail-on, or worse"],
    [ExitCode.USAGE, "the command was used wrongly"],
    [ExitCode.INCOMPLETE, "a file could not be read or written, or the output not be written"],
  ],
};
