import { Command, Option } from "commander";
import { FAIL_ON, type FailOn } from "./exit-codes.js";

export interface DoctorOptions {
  readonly interface?: string;
  readonly netstat?: string;
  readonly json?: true;
  readonly failOn: FailOn;
}

export type DoctorAction = (options: DoctorOptions) => Promise<void>;

export function doctorCommand(action: DoctorAction): Command {
  return new Command("doctor")
    .summary("say which guests of this host are exposed, and which device to switch")
    .description(
      "Reads bridges, ports, checksum offload and the machines behind taps, and says what they mean for DHCP. It changes nothing.",
    )
    .option("-i, --interface <BRIDGE>", "look at this bridge or port only")
    .option("--netstat <FILE>", "instead: tell whether the collisions in a guest's netstat -i or ip -s link are real")
    .option("--json", "print facts and judgements as one JSON record a line (docs/doctor.md)")
    .addOption(
      new Option("--fail-on <SEVERITY>", "end with code 1 if a judgement is at least this bad")
        .choices(FAIL_ON)
        .default("warning"),
    )
    .addHelpText("after", HELP)
    .action((options: DoctorOptions) => action(options));
}

const HELP = `
As root it sees which machine is behind each tap.
Exit codes: 0 nothing at or above --fail-on, 1 something, 2 wrong use, 3 a file could not be read.

Examples:
  leasetap doctor -i br0
  ssh guest netstat -i | leasetap doctor --netstat -`;
