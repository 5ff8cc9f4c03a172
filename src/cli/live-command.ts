import { Command, Option } from "commander";
import { normalizeClient } from "./client-name.js";
import { withPage, type CommandPage } from "./command-page.js";
import { parseDuration, parseDurations } from "./durations.js";
import { ExitCode, FAIL_ON, type FailOn } from "./exit-codes.js";
import { parseSize } from "./sizes.js";
import { withZone, type ZoneOptions } from "./zone-options.js";

export interface LiveOptions extends ZoneOptions {
  /** Names of interfaces, and patterns of such. */
  readonly interface?: readonly string[];
  readonly followPorts?: true;
  readonly json?: true;
  readonly client?: string;
  /** Seconds. */
  readonly duration?: number;
  /** Seconds before the expiry, the longest first. */
  readonly warnBefore: readonly number[];
  readonly leases?: readonly string[];
  readonly exec?: string;
  /** A directory to record into. */
  readonly write?: string;
  /** Bytes. */
  readonly writeFileSize?: number;
  /** Seconds. */
  readonly writeFileAge?: number;
  /** Bytes. */
  readonly writeTotal?: number;
  /** A recording of the host that is watched; true: it is this machine. */
  readonly host?: string | true;
  readonly failOn: FailOn;
}

export type LiveAction = (source: string | undefined, options: LiveOptions) => Promise<void>;

/** Steps at which an operator can still do something. */
const WARN_BEFORE = [3600, 900, 300, 60];

/** Of a recording: bytes and seconds after which another file is begun, and bytes of all files. */
export const MOST_FILE_SIZE = 64 * 1024 ** 2;
export const MOST_FILE_AGE = 3600;
export const MOST_TOTAL = 1024 ** 3;

export function liveCommand(action: LiveAction): Command {
  const command = new Command("live")
    .summary("watch, and warn before a lease is lost")
    .description(
      "Watches DHCP as it happens: a line for each thing that goes wrong, and before a lease is lost; at the end the report.",
    )
    .argument("[SOURCE]", "- for a capture (pcap or pcapng) on standard input")
    .option("-i, --interface <INTERFACE>", "watch this interface; * and ? match several; may be repeated", another)
    .option("--follow-ports", "watch the ports of the bridge too, as they come and go")
    .option("--json", "print one JSON record a line as things happen (docs/live.md)")
    .option("--client <MAC|IP|NAME>", "tell only of this client", normalizeClient)
    .option("--duration <SPAN>", "end after this time, with the report and its exit code: 90s, 10m, 1d", parseDuration)
    .addOption(
      new Option("--warn-before <SPANS>", "warn so long before a lease in danger ends")
        .argParser(parseDurations)
        .default(WARN_BEFORE, "1h,15m,5m,1m"),
    )
    .option(
      "--leases <FILE>",
      "timers from before the watch: the lease file of the server or of a client; repeatable",
      (path: string, paths: readonly string[] | undefined) => [...(paths ?? []), path],
    )
    .option(
      "--host [FILE]",
      "what is watched is this machine, or one that doctor --record saved (with -i it is this one)",
    )
    .option("--exec <COMMAND>", "run this with each finding, its record on standard input")
    .option("--write <DIR>", "record what is captured into files in this directory, for leasetap analyze DIR")
    .option("--write-file-size <SIZE>", "begin another file at this size: 512k, 64M, 1G (64M unless given)", parseSize)
    .option("--write-file-age <SPAN>", "begin another file after this time (1h unless given)", parseDuration)
    .option("--write-total <SIZE>", "delete the oldest files beyond this size of all (1G unless given)", parseSize)
    .addOption(
      new Option("--fail-on <SEVERITY>", "end with code 1 if a finding is at least this bad")
        .choices(FAIL_ON)
        .default("warning"),
    )
    .action((source: string | undefined, options: LiveOptions) => action(source, options));
  return withPage(withZone(command), PAGE);
}

function another(name: string, names: readonly string[] = []): readonly string[] {
  return [...names, name];
}

const PAGE: CommandPage = {
  notes: [
    "Ctrl-C ends the watch with the report; a second one ends it at once.",
    "Interfaces are captured with cap and libpcap, by root or with CAP_NET_RAW. Those that go away are waited for.",
  ],
  examples: [
    {
      does: "the bridge br0 of this host, and the taps of its guests",
      line: "leasetap live -i br0 --follow-ports",
      recorded: null,
    },
    {
      does: "the same bridge with a program that captures, and without cap",
      line: "tcpdump -i br0 -U -w - 'port 67 or 68 or icmp or arp' | leasetap live -",
      recorded: null,
    },
    {
      does: "the bridge for weeks, with what led to an incident at hand: the last 4 GiB",
      line: "leasetap live -i br0 --write /var/lib/leasetap/br0 --write-total 4G",
      recorded: null,
    },
    {
      does: "another host's bridge for an hour, as records",
      line: "ssh host dumpcap -q -i br0 -w - | leasetap live - --json --duration 1h",
      recorded: null,
    },
  ],
  exits: [
    [ExitCode.CLEAN, "nothing as bad as --fail-on"],
    [ExitCode.FOUND, "something as bad as --fail-on, or worse"],
    [ExitCode.USAGE, "the command was used wrongly"],
    [ExitCode.INCOMPLETE, "the input could not be read whole, or the output not be written"],
    [ExitCode.INTERRUPTED, "ended by Ctrl-C or SIGTERM"],
  ],
};
