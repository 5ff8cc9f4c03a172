import { setFlagsFromString } from "node:v8";
import { openSource } from "../capture/file.js";
import type { Binding } from "../lease/cycle.js";
import { eventLine } from "../live/event-lines.js";
import type { LiveEvent } from "../live/live-event.js";
import { LiveRecords } from "../live/live-records.js";
import { Session } from "../live/session.js";
import { wantsClient, type ReportFilter } from "../report/filter.js";
import { select, type Findings } from "../report/json.js";
import { safeJson } from "../report/safe-text.js";
import { complainOf } from "./complain-of.js";
import { exitCodeOf, type ExitCode } from "./exit-codes.js";
import { interruptible } from "./interrupt.js";
import { LineQueue } from "./line-queue.js";
import type { LiveOptions } from "./live-command.js";
import type { Log } from "./log.js";
import { styleOf } from "./terminal.js";
import { UsageError } from "./usage-error.js";

const STANDARD_INPUT = "-";

/**
 * `leasetap live`: what happens goes to standard output as it happens, then the report.
 *
 * @throws UsageError; EnvironmentError if the input cannot be opened, or the output not be written
 */
export async function runLive(source: string | undefined, options: LiveOptions, log: Log): Promise<ExitCode> {
  if (source !== STANDARD_INPUT) throw new UsageError(NO_SOURCE);
  setFlagsFromString(`--heap-growing-percent=${GARBAGE}`);
  return interruptible(async (interrupt) => {
    const unread = new AbortController();
    const output = new LineQueue(process.stdout, () => unread.abort());
    const filter: ReportFilter = { client: options.client ?? null, since: -Infinity, until: Infinity };
    const voice = options.json === true ? jsonVoice(output, filter) : textVoice(output, filter);
    const session = new Session({
      name: source,
      duration: options.duration ?? Infinity,
      signal: AbortSignal.any([interrupt, unread.signal]),
      warnBefore: options.warnBefore,
      settled: () => output.settled(),
      monotonic: () => performance.now(),
      tell: voice.tell,
      kept: voice.kept,
    });
    voice.begin(source);
    const found = await session.run((sink) => openSource(source, sink));
    log.info({ frames: found.inputs[0]?.facts.frames, rss: process.memoryUsage.rss() }, "watched");
    complainOf(found, filter, options.json === true);
    await voice.end(found);
    await output.settled();
    return exitCodeOf(found, select(found.inspection, filter), options.failOn, interrupt.aborted);
  });
}

/** V8 lets garbage grow to several times of what is in use; a watch beside virtual machines keeps to this part, in per cent. */
const GARBAGE = 50;

const NO_SOURCE =
  "what shall be watched? For a capture on standard input: tcpdump -i br0 -U -w - 'port 67 or port 68 or icmp or arp' | leasetap live -";

/** One way to tell what happens. */
interface Voice extends Pick<ConstructorParameters<typeof Session>[0], "tell" | "kept"> {
  begin(source: string): void;
  end(found: Findings): Promise<void>;
}

function textVoice(output: LineQueue, filter: ReportFilter): Voice {
  const style = styleOf(process.stdout, process.env);
  return {
    begin: () => {
      output.add("Watching standard input; times are UTC.");
    },
    tell: (event, at) => {
      if (isWanted(filter, event)) output.add(eventLine(event, at, style));
    },
    end: async (found) => {
      const { renderReport } = await import("../report/text.js");
      output.add("");
      for (const line of renderReport(found, filter, style)) output.add(line);
    },
  };
}

function jsonVoice(output: LineQueue, filter: ReportFilter): Voice {
  const records = new LiveRecords((record) => {
    output.add(safeJson(record));
  }, filter);
  return {
    begin: (source) => {
      records.start(source);
    },
    kept: records,
    tell: (event, at) => {
      if (isWanted(filter, event)) records.event(event, at);
    },
    end: (found) => {
      for (const record of records.end(found)) output.add(safeJson(record));
      return Promise.resolve();
    },
  };
}

function isWanted(filter: ReportFilter, event: LiveEvent): boolean {
  return wantsClient(filter, event.binding, addressesOf(event.binding));
}

function addressesOf({ lease, lost }: Binding): number[] {
  return [lease, lost].flatMap((held) => held?.address ?? []);
}
