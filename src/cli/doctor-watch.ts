import { formatInstant } from "../capture/instant.js";
import { count } from "../findings/prose/words.js";
import { movedBetween, type Moved } from "../host/counters.js";
import { readHost } from "../host/read-host.js";
import { LocalSystem } from "../host/system.js";
import { GuestWatch, type SeenReply } from "../live/guest-watch.js";
import { decidedLine, occasionText, restartText, seenLine, verdictOf, type Proved } from "../live/guest-words.js";
import { Session } from "../live/session.js";
import { lastSighting } from "../lease/message.js";
import { safeJson, safeText } from "../report/safe-text.js";
import { paragraph } from "../report/text-style.js";
import { checksumRecord } from "../report/units.js";
import { formatIpv4 } from "../wire/addresses.js";
import { complain } from "./complaint.js";
import type { DoctorOptions } from "./doctor-command.js";
import { ExitCode } from "./exit-codes.js";
import { interruptible } from "./interrupt.js";
import { LineQueue } from "./line-queue.js";
import { openLiveInput, type LiveInput } from "./live-input.js";
import { styleOf } from "./terminal.js";
import { watchedGuest, type WatchedGuest } from "./watched-guest.js";

/** Opens what is to be watched; a test may put a recording in its place. */
export type OpenPorts = (ports: readonly string[]) => Promise<LiveInput>;

const openPorts: OpenPorts = (ports) =>
  openLiveInput(undefined, { interface: ports, warnBefore: [], failOn: "never" }, complain);

/**
 * `leasetap doctor --watch`: what becomes of the replies to one guest, until a renewal of it is decided.
 *
 * @throws UsageError; EnvironmentError if its port cannot be captured, or the output not be written
 */
export async function watchGuest(word: string, options: DoctorOptions, open = openPorts): Promise<ExitCode> {
  const before = await readHost(new LocalSystem());
  const guest = watchedGuest(word, options.interface, before);
  const input = await open(guest.ports);
  return interruptible(async (interrupt) => {
    const over = new AbortController();
    // Whoever asked for the end, and for whatever reason: the input is told.
    const signal = AbortSignal.any([interrupt, over.signal]);
    signal.addEventListener("abort", () => input.end());
    const output = new LineQueue(process.stdout, () => over.abort());
    const json = options.json === true;
    const tell = (text: string, record: object): void => output.add(json ? safeJson(record) : text);
    const watch = new GuestWatch(guest.macs, {
      seen: (seen) => tell(seenLine(seen), replyRecord(seen)),
      decided: (seen, at) => {
        tell(decidedLine(seen, at), { ...replyRecord(seen), decided: formatInstant(at) });
        if (seen.occasion === "renewal-ack") over.abort();
      },
    });
    if (!json) output.add(beginning(guest));
    await new Session({
      name: input.name,
      duration: options.duration ?? Infinity,
      signal,
      warnBefore: [],
      settled: () => output.settled(),
      monotonic: () => Number(process.hrtime.bigint()) / 1e6,
      wall: () => Date.now(),
      tell: () => undefined,
      watcher: watch,
    }).run((sink) => input.open(sink));
    const moved = movedBetween(before.rules, (await readHost(new LocalSystem())).rules);
    for (const line of json ? [safeJson(endRecord(guest, watch.replies, moved))] : endLines(watch.replies, moved)) {
      output.add(line);
    }
    await output.settled();
    if (interrupt.aborted) return ExitCode.INTERRUPTED;
    return verdictOf(watch.replies) === "works" ? ExitCode.CLEAN : ExitCode.FOUND;
  });
}

function beginning({ ports, macs }: WatchedGuest): string {
  const where = ports.map((name) => safeText(name)).join(", ");
  return `Watching ${where} for ${[...macs].join(", ")}, until a renewal is taken or ignored; times are UTC.`;
}

const VERDICTS: Readonly<Record<Proved, string>> = {
  works: "Renewals of this guest work.",
  fails: "Renewals of this guest fail: the answer came, and was ignored.",
  "not-decided": "No renewal of this guest was decided: nothing is proved.",
};

function* endLines(replies: readonly SeenReply[], moved: readonly Moved[]): Generator<string> {
  const style = styleOf(process.stdout, process.env);
  yield "";
  yield* paragraph(VERDICTS[verdictOf(replies)], style);
  const rows: [string, string][] = [
    ["Renewal", occasionText(replies, "renewal-ack")],
    ["First ACK", occasionText(replies, "first-ack")],
    ["OFFER", occasionText(replies, "offer")],
    ["Reboot", restartText(replies)],
    ...moved.map(({ what, packets }): [string, string] => ["Rule", `${movedText(packets)}: ${safeText(what)}`]),
    ...(moved.length === 0 ? [["Rule", "none that completes checksums"] satisfies [string, string]] : []),
  ];
  for (const [label, text] of rows) yield* paragraph(`${text}.`, style, { indent: 2, hang: 13, label });
}

function movedText(packets: number | null): string {
  if (packets === null) return "not to be compared";
  return packets === 0 ? "met no packet meanwhile" : `met ${count(packets, "packet")} meanwhile`;
}

function replyRecord({ reply, occasion, taken }: SeenReply): object {
  const { message } = reply;
  return {
    type: "guest-reply",
    occasion,
    time: formatInstant(message.instant),
    address: formatIpv4(message.dhcp.yiaddr),
    checksum: checksumRecord(lastSighting(message).checksum),
    taken,
  };
}

function endRecord({ ports, macs }: WatchedGuest, replies: readonly SeenReply[], moved: readonly Moved[]): object {
  const of = (occasion: SeenReply["occasion"]): boolean => replies.some((reply) => reply.occasion === occasion);
  return {
    type: "guest-result",
    ports,
    clients: [...macs],
    renewals: verdictOf(replies),
    tested: { offer: of("offer"), firstAck: of("first-ack"), renewalAck: of("renewal-ack") },
    restart: restartText(replies),
    rules: moved,
  };
}
