import { Command, Option } from "commander";
import { normalizeClient } from "./client-name.js";
import { parseDuration, parseDurations } from "./durations.js";
import { FAIL_ON, type FailOn } from "./exit-codes.js";

export interface LiveOptions {
  readonly json?: true;
  readonly client?: string;
  /** Seconds. */
  readonly duration?: number;
  /** Seconds before the expiry, the longest first. */
  readonly warnBefore: readonly number[];
  readonly failOn: FailOn;
}

export type LiveAction = (source: string | undefined, options: LiveOptions) => Promise<void>;

/** Steps at which an operator can still do something. */
const WARN_BEFORE = [3600, 900, 300, 60];

export function liveCommand(action: LiveAction): Command {
  return new Command("live")
    .summary("watch, and warn before a lease is lost")
    .description(
      "Watches DHCP as it happens: a line for each thing that goes wrong, and before a lease is lost; at the end the report.",
    )
    .argument("[SOURCE]", "- for a capture (pcap or pcapng) on standard input")
    .option("--json", "print one JSON record a line as things happen (docs/live.md)")
    .option("--client <MAC|IP|NAME>", "tell only of this client", normalizeClient)
    .option("--duration <SPAN>", "end after this time, with the report and its exit code: 90s, 10m, 1d", parseDuration)
    .addOption(
      new Option("--warn-before <SPANS>", "warn so long before a lease in danger ends")
        .argParser(parseDurations)
        .default(WARN_BEFORE, "1h,15m,5m,1m"),
    )
    .addOption(
      new Option("--fail-on <SEVERITY>", "end with code 1 if a finding is at least this bad")
        .choices(FAIL_ON)
        .default("warning"),
    )
    .addHelpText("after", HELP)
    .action((source: string | undefined, options: LiveOptions) => action(source, options));
}

const HELP = `
Ctrl-C ends the watch with the report; a second one ends it at once.
Exit codes: 0 nothing at or above --fail-on, 1 something, 2 wrong use, 3 an input could not be read whole,
130 ended by Ctrl-C or SIGTERM.

Examples:
  tcpdump -i br0 -U -w - 'port 67 or port 68 or icmp or arp' | leasetap live -
  ssh host dumpcap -q -i br0 -w - | leasetap live - --json --duration 1h`;
