import { Command, Option } from "commander";
import { normalizeClient } from "./client-name.js";
import { FAIL_ON, type FailOn } from "./exit-codes.js";
import { parseMoment, type Moment } from "./moments.js";
import { namedZone, type Zone } from "../report/zone.js";
import { UsageError } from "./usage-error.js";

export interface AnalyzeOptions {
  readonly json?: true;
  readonly frames?: true;
  readonly leases?: readonly string[];
  readonly markdown?: true;
  readonly verbose?: true;
  readonly quiet?: true;
  readonly utc?: true;
  readonly tz?: Zone;
  readonly client?: string;
  readonly since?: Moment;
  readonly until?: Moment;
  readonly failOn: FailOn;
}

export type AnalyzeAction = (files: readonly string[], options: AnalyzeOptions) => Promise<void>;

export function analyzeCommand(action: AnalyzeAction): Command {
  return new Command("analyze")
    .summary("explain why clients lost their leases")
    .description("Reads captures (pcap or pcapng, plain or compressed) and explains which clients lost which leases.")
    .argument("[FILE...]", "captures of one incident, or folders of them; - is standard input")
    .option(
      "--leases <FILE>",
      "timers from before the capture: a lease file of dhclient, dhcpd, Kea, ...; repeatable",
      (path: string, paths: readonly string[] | undefined) => [...(paths ?? []), path],
    )
    .addOption(
      new Option("--json", "print one JSON record a line (docs/json.md)").conflicts(["markdown", "verbose", "quiet"]),
    )
    .option("--frames", "with --json: a record for each DHCP frame as well")
    .addOption(new Option("--markdown", "print the report as Markdown, for a ticket").conflicts("quiet"))
    .addOption(new Option("--verbose", "add every attempt, and every detail of the evidence").conflicts("quiet"))
    .option("--quiet", "print no report: the exit code says it")
    .addOption(new Option("--utc", "write times in UTC, not by this machine's clock").conflicts("tz"))
    .option("--tz <ZONE>", "write times by the clock of a zone: Europe/Berlin, +05:30", parseZone)
    .option("--client <MAC|IP|NAME>", "tell only of this client", normalizeClient)
    .option("--since <TIME>", "tell only of what had not ended by then: 2026-11-22T11:02, 11:02:30, -15m", parseMoment)
    .option("--until <TIME>", "tell only of what had begun by then", parseMoment)
    .addOption(
      new Option("--fail-on <SEVERITY>", "end with code 1 if a finding is at least this bad")
        .choices(FAIL_ON)
        .default("warning"),
    )
    .addHelpText("after", HELP)
    .action((files: string[], options: AnalyzeOptions) => action(files, options));
}

const HELP = `
What a file is is told by its content: pcap, pcapng, either compressed with gzip or lz4, or several of them joined
(cat a.pcap b.pcapng). Of a folder and the folders in it all captures are read, other files are passed over. Several
inputs are read side by side in the order of time, as points of one incident or parts of one capture. Where a capture is
cut or damaged, all that is sound before and behind that place is read, and standard error says what is missing.

Exit codes: 0 nothing at or above --fail-on, 1 something, 2 wrong use, 3 an input could not be read whole,
130 interrupted.

Examples:
  leasetap analyze bridge.pcap
  leasetap analyze /var/captures --since -15m
  leasetap analyze bridge.pcap tap.pcap --client 52:54:00:12:65:64
  tcpdump -i br0 -U -w - 'port 67 or port 68 or icmp or arp' | leasetap analyze -`;

function parseZone(name: string): Zone {
  const zone = namedZone(name);
  if (zone !== null) return zone;
  throw new UsageError(`${JSON.stringify(name)} is no time zone: write one as Europe/Berlin, or an offset as +01:00.`);
}

/** The same options as a list of words, as expect.json has them. @throws UsageError, CommanderError */
export async function parseAnalyzeWords(words: readonly string[]): Promise<AnalyzeOptions> {
  const parsed: AnalyzeOptions[] = [];
  const command = analyzeCommand((files, options) => {
    if (files.length > 0) throw new UsageError(`"${files.join(" ")}" is no option.`);
    parsed.push(options);
    return Promise.resolve();
  });
  command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  await command.parseAsync([...words], { from: "user" });
  const [options] = parsed;
  if (options === undefined) throw new UsageError("there is nothing to analyze.");
  return options;
}
