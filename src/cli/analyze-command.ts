import { Command, Option } from "commander";
import { normalizeClient } from "./client-name.js";
import { withPage, type CommandPage } from "./command-page.js";
import { ExitCode, FAIL_ON, type FailOn } from "./exit-codes.js";
import { misuse } from "./misuse.js";
import { parseMoment, type Moment } from "./moments.js";
import { parsePointName, type PointName } from "./point-names.js";
import { parseYear } from "./calendar.js";
import { UsageError } from "./usage-error.js";
import { withZone, type ZoneOptions } from "./zone-options.js";

export interface AnalyzeOptions extends ZoneOptions {
  readonly json?: true;
  readonly frames?: true;
  readonly leases?: readonly string[];
  readonly log?: readonly string[];
  readonly year?: number;
  readonly name?: readonly PointName[];
  readonly markdown?: true;
  readonly verbose?: true;
  readonly quiet?: true;
  /** A recording of the host that the capture was made on; true: it was this machine. */
  readonly host?: string | true;
  readonly client?: string;
  readonly since?: Moment;
  readonly until?: Moment;
  readonly failOn: FailOn;
}

export type AnalyzeAction = (files: readonly string[], options: AnalyzeOptions) => Promise<void>;

export function analyzeCommand(action: AnalyzeAction): Command {
  const command = new Command("analyze")
    .summary("explain why clients lost their leases")
    .description("Reads captures (pcap or pcapng, plain or compressed) and explains which clients lost which leases.")
    .argument("[FILE...]", "captures of one incident, or folders of them; - is standard input")
    .option(
      "--leases <FILE>",
      "timers from before the capture: a lease file of dhclient, dhcpd, Kea, ...; repeatable",
      oneMore,
    )
    .option("--log <FILE>", "a log of a client or server, to be heard beside the packets; repeatable", oneMore)
    .option("--year <YEAR>", "the year of a log's first line, for stamps without one", parseYear)
    .option(
      "--name <FILE=NAME>",
      "call a capture point by a name of its own: bridge.pcap=br0; repeatable",
      (text: string, names: readonly PointName[] | undefined) => [...(names ?? []), parsePointName(text)],
    )
    .addOption(
      new Option("--json", "print one JSON record a line (docs/json.md)").conflicts(["markdown", "verbose", "quiet"]),
    )
    .option("--frames", "with --json: a record for each DHCP frame as well")
    .addOption(new Option("--markdown", "print the report as Markdown, for a ticket").conflicts("quiet"))
    .addOption(new Option("--verbose", "add every attempt, and every detail of the evidence").conflicts("quiet"))
    .option("--quiet", "print no report: the exit code says it")
    .option("--host [FILE]", "captured on this machine, or on one that doctor --record saved: name guests and devices");
  withZone(command)
    .option("--client <MAC|IP|NAME>", "tell only of this client", oneClient)
    .option("--since <TIME>", "tell only of what had not ended by then: 2026-11-22T11:02, 11:02:30, -15m", parseMoment)
    .option("--until <TIME>", "tell only of what had begun by then", parseMoment)
    .addOption(
      new Option("--fail-on <SEVERITY>", "end with code 1 if a finding is at least this bad")
        .choices(FAIL_ON)
        .default("warning"),
    )
    .action((files: string[], options: AnalyzeOptions) => action(files, options));
  return withPage(command, PAGE);
}

const PAGE: CommandPage = {
  notes: [
    "What a file is is told by its content: pcap, pcapng, snoop, each also compressed with gzip, lz4 or zstd, or several of them joined (cat a.pcap b.pcapng). Of a folder and the folders in it all captures are read, other files are passed over. Several inputs are read side by side in the order of time, as points of one incident or parts of one capture. Where a capture is cut or damaged, all that is sound before and behind that place is read, and standard error says what is missing.",
  ],
  examples: [
    {
      does: "which guests lost their address, why, and what to do",
      line: "leasetap analyze bridge.pcap",
      recorded: { folder: "s02-offload-ack", ends: ExitCode.FOUND },
    },
    {
      does: "one guest, seen at two points of the same incident",
      line: "leasetap analyze bridge.pcap tap.pcap --client 52:54:00:12:65:64",
      recorded: { folder: "s02-offload-ack", ends: ExitCode.FOUND },
    },
    {
      does: "captured on this hypervisor: its machines and devices are named",
      line: "leasetap analyze bridge.pcap --host",
      recorded: { folder: "s02-offload-ack", ends: ExitCode.FOUND },
    },
    {
      does: "what passes the bridge, until Ctrl-C",
      line: "tcpdump -i br0 -U -w - 'port 67 or 68 or icmp or arp' | leasetap analyze -",
      recorded: { folder: "s02-offload-ack", ends: ExitCode.FOUND },
    },
    {
      does: "in a script: whether all guests kept their addresses",
      line: "leasetap analyze --fail-on error bridge.pcap >/dev/null && echo well",
      recorded: { folder: "s01-healthy", ends: ExitCode.CLEAN },
    },
  ],
  exits: [
    [ExitCode.CLEAN, "nothing as bad as --fail-on"],
    [ExitCode.FOUND, "something as bad as --fail-on, or worse"],
    [ExitCode.USAGE, "the command was used wrongly"],
    [
      ExitCode.INCOMPLETE,
      "an input could not be read whole, or the output not be written; what could be read is still reported",
    ],
    [ExitCode.INTERRUPTED, "interrupted; what was read until then is reported"],
  ],
};

function oneMore(path: string, paths: readonly string[] | undefined): readonly string[] {
  return [...(paths ?? []), path];
}

/** @throws UsageError if there is one already */
function oneClient(text: string, previous: string | undefined): string {
  if (previous === undefined) return normalizeClient(text);
  throw new UsageError("--client was given twice: a report is of one client, or of all.");
}

/** The same options as a list of words, as expect.json has them. @throws UsageError, CommanderError */
export async function parseAnalyzeWords(words: readonly string[]): Promise<AnalyzeOptions> {
  const parsed: AnalyzeOptions[] = [];
  const command = analyzeCommand((files, options) => {
    if (files.length > 0) throw new UsageError(`"${files.join(" ")}" is no option.`);
    parsed.push(options);
    return Promise.resolve();
  });
  command
    .exitOverride((error) => {
      throw misuse(error, command);
    })
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  await command.parseAsync([...words], { from: "user" });
  const [options] = parsed;
  if (options === undefined) throw new UsageError("there is nothing to analyze.");
  return options;
}
