import { setFlagsFromString } from "node:v8";
import { inputName } from "../capture/errors.js";
import type { HostView } from "../host/view.js";
import type { Binding } from "../lease/cycle.js";
import { eventLine } from "../live/event-lines.js";
import { isOfClient, type LiveEvent } from "../live/live-event.js";
import { LiveRecords } from "../live/live-records.js";
import { Session } from "../live/session.js";
import type { LeasetapRecord } from "../report/events.js";
import { wantsClient, type ReportFilter } from "../report/filter.js";
import { select, type Findings } from "../report/json.js";
import { safeJson } from "../report/safe-text.js";
import { zoneLabel, type Zone } from "../report/zone.js";
import { complainOf } from "./complain-of.js";
import { complain } from "./complaint.js";
import { exitCodeOf, type ExitCode } from "./exit-codes.js";
import { FindingHook } from "./finding-hook.js";
import { interruptible } from "./interrupt.js";
import { hostViewOf, WatchedHost } from "./host-view.js";
import { historyOf } from "./lease-history.js";
import { LineQueue } from "./line-queue.js";
import type { LiveOptions } from "./live-command.js";
import { openLiveInput, type LiveInput } from "./live-input.js";
import { recordingOf } from "./live-recording.js";
import type { Log } from "./log.js";
import { styleOf } from "./terminal.js";
import { UsageError } from "./usage-error.js";
import { zoneOf } from "./zone-options.js";

/**
 * `leasetap live`: what happens goes to standard output as it happens, then the report.
 *
 * @throws UsageError; EnvironmentError if the input cannot be opened, or the output not be written
 */
export async function runLive(source: string | undefined, options: LiveOptions, log: Log): Promise<ExitCode> {
  const { host: option } = options;
  if (typeof option === "string" && source === undefined) {
    throw new UsageError(
      `${option} is taken for the recording of a host. Name what is to be watched first: leasetap live - --host`,
    );
  }
  const recorded = typeof option === "string" ? await hostViewOf(option) : null;
  const recording = await recordingOf(options, complain);
  const input = await openLiveInput(source, options, complain);
  setFlagsFromString(`--heap-growing-percent=${GARBAGE}`);
  const isHere = recorded === null && (option === true || options.interface !== undefined);
  const host = isHere ? new WatchedHost(() => performance.now()) : null;
  const view = (): HostView | null => recorded ?? host?.view ?? null;
  return interruptible(async (interrupt) => {
    const unread = new AbortController();
    const output = new LineQueue(process.stdout, () => unread.abort());
    const filter: ReportFilter = { client: options.client ?? null, since: -Infinity, until: Infinity };
    const hook = options.exec === undefined ? null : new FindingHook(options.exec);
    const voice = together([
      options.json === true
        ? jsonVoice(output, filter, view)
        : textVoice(output, filter, zoneOf(options), view, options.write),
      ...(hook === null ? [] : [hookVoice(hook, filter, view)]),
    ]);
    const session = new Session({
      name: input.name,
      duration: options.duration ?? Infinity,
      signal: AbortSignal.any([interrupt, unread.signal]),
      end: () => input.end(),
      warnBefore: options.warnBefore,
      history: historyOf(options.leases ?? []),
      settled: () => output.settled(),
      monotonic: () => Number(process.hrtime.bigint()) / 1e6,
      wall: () => Date.now(),
      recorder: recording?.recorder,
      tell: voice.tell,
      kept: voice.kept,
    });
    voice.begin(input);
    const found = await session.run((sink) => input.open(recording?.tee(sink) ?? sink));
    log.info(() => ({ frames: found.inputs[0]?.facts.frames, rss: process.memoryUsage.rss() }), "watched");
    complainOf(found, filter, options.json === true);
    await host?.renew();
    await voice.end(found);
    await output.settled();
    await hook?.settled();
    return exitCodeOf(found, select(found.inspection, filter), options.failOn, interrupt.aborted);
  }).finally(() => {
    recording?.recorder.close();
    input.end();
  });
}

/** V8 lets garbage grow to several times of what is in use; a watch beside virtual machines keeps to this part, in per cent. */
const GARBAGE = 50;

/** One way to tell what happens. */
interface Voice extends Pick<ConstructorParameters<typeof Session>[0], "tell" | "kept"> {
  begin(input: LiveInput): void;
  end(found: Findings): Promise<void>;
}

type View = () => HostView | null;

function textVoice(output: LineQueue, filter: ReportFilter, zone: Zone, view: View, write: string | undefined): Voice {
  const style = styleOf(process.stdout, process.env);
  return {
    begin: ({ sentence }) => {
      const kept = write === undefined ? "" : `, recorded in ${inputName(write)}`;
      output.add(`${sentence}${kept}; times are ${zone.label ?? `UTC${zoneLabel(zone, Date.now() / 1000)}`}.`);
    },
    tell: (event, at) => {
      if (isWanted(filter, event)) output.add(eventLine(event, at, style, zone, view()));
    },
    end: async (found) => {
      const { renderReport } = await import("../report/text.js");
      output.add("");
      for (const line of renderReport(found, filter, style, { zone, host: view() })) output.add(line);
    },
  };
}

function jsonVoice(output: LineQueue, filter: ReportFilter, view: View): Voice {
  const write = (record: LeasetapRecord): void => output.add(safeJson(record));
  const records = new LiveRecords(write, filter, view);
  return {
    begin: ({ name }) => {
      records.start(name);
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

/** Tells findings to a command. */
function hookVoice(hook: FindingHook, filter: ReportFilter, view: View): Voice {
  const write = (record: LeasetapRecord): void => {
    if (record.type === "finding") hook.tell(record);
  };
  const records = new LiveRecords(write, filter, view);
  return {
    begin: () => undefined,
    kept: undefined,
    tell: (event, at) => {
      if (isWanted(filter, event)) records.event(event, at);
    },
    end: (found) => {
      for (const record of records.end(found)) {
        if (record.type === "finding") hook.conclude(record);
      }
      return Promise.resolve();
    },
  };
}

/** The first of them hears of what is kept. */
function together(voices: readonly Voice[]): Voice {
  return {
    begin: (source) => {
      for (const voice of voices) voice.begin(source);
    },
    kept: voices[0]?.kept,
    tell: (event, at) => {
      for (const voice of voices) voice.tell(event, at);
    },
    end: async (found) => {
      for (const voice of voices) await voice.end(found);
    },
  };
}

function isWanted(filter: ReportFilter, event: LiveEvent): boolean {
  return !isOfClient(event) || wantsClient(filter, event.binding, addressesOf(event.binding));
}

function addressesOf({ lease, lost }: Binding): number[] {
  return [lease, lost].flatMap((held) => held?.address ?? []);
}
