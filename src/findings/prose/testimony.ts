import type { LineRef, Testimony } from "../testimony.js";
import type { LossFacts } from "./facts.js";
import { quoted } from "./foreign-text.js";
import { messagesOf } from "./loss.js";
import type { Reasons } from "./telling.js";
import { count, list, times, type Clock } from "./words.js";

/** What logs and lease files say, in sentences: what supports a judgement, and what contradicts packets. */

export function saidOf({ finding }: Pick<LossFacts, "finding">): readonly Testimony[] {
  return finding.diagnoses.flatMap(({ said }) => said);
}

export function testimonySentences(facts: Pick<LossFacts, "finding" | "clock">): string[] {
  return grouped(saidOf(facts)).flatMap((said) => (said.kind === "client-took" ? [] : sentence(said, facts.clock)));
}

/** Where a log and the packets say opposite things. */
export function contradictions(facts: Pick<LossFacts, "finding" | "clock">): string[] {
  return grouped(saidOf(facts)).flatMap((said) =>
    said.kind === "client-took"
      ? [
          `The client's own log contradicts that: by ${where(said.lines)} it took an answer, at ${facts.clock(said.reply.instant)}. Then it asked again for another reason.`,
        ]
      : [],
  );
}

/** Each kind once, for each program: what is said of several renewals is said together. */
function grouped(said: readonly Testimony[]): Testimony[] {
  const groups = new Map<string, Testimony>();
  for (const testimony of said) {
    const key = `${testimony.kind} ${testimony.program}`;
    const before = groups.get(key);
    groups.set(key, before === undefined ? testimony : together(before, testimony));
  }
  return [...groups.values()];
}

function together(a: Testimony, b: Testimony): Testimony {
  const lines = [...a.lines, ...b.lines];
  if ("requests" in a && "requests" in b) return { ...b, requests: [...a.requests, ...b.requests], lines };
  if ("bad" in a && "bad" in b) {
    const same = b.lines.every(({ line }) => a.lines.some((other) => other.line === line));
    return { ...b, bad: same ? a.bad : a.bad + b.bad, lines };
  }
  if (a.kind === "client-asked" && b.kind === "client-asked") return { ...b, messages: a.messages + b.messages, lines };
  return a;
}

function sentence(said: Exclude<Testimony, { kind: "client-took" }>, clock: Clock): string {
  const at = where(said.lines);
  switch (said.kind) {
    case "client-rejected":
      return `The client's own log says so: ${said.program} counted ${count(said.bad, "packet")} that it threw away for their UDP checksum (${at}).`;
    case "client-asked":
      return `The client's own log has ${count(said.messages, "message")} of that time that no frame shows (${at}): ${said.messages === 1 ? "it was" : "they were"} lost before this point, or took another way.`;
    case "server-answered": {
      const one = said.requests.length === 1;
      return `The server's log has ${messagesOf(said.requests)} and the ${one ? "answer to it" : "answers to them"} (${at}); no frame at this point shows ${one ? "that" : "these"}.`;
    }
    case "server-late":
      return `The server's log has ${messagesOf(said.requests)} only at ${clock(said.at)}, all at once (${at}): they had waited in its queue, and it stood still until then.`;
    case "server-heard":
      return `The server's log has ${messagesOf(said.requests)}, and no answer (${at}): the request reached it.`;
    case "server-unheard":
      return `The server's log lacks ${messagesOf(said.requests)}, though it has lines of before and after that (${at}): the server never got ${said.requests.length === 1 ? "it" : "them"}, or threw ${said.requests.length === 1 ? "it" : "them"} away unread.`;
    case "server-said":
      return `The server itself says why: "${quoted(said.remark)}" (${at}).`;
    case "server-rejected":
      return `The server's log says so: it counted ${count(said.bad, "packet")} that it threw away for their UDP checksum (${at}).`;
    case "server-renewed": {
      const until = said.expires === null ? "without end" : `until ${clock(said.expires)}`;
      return `The server's lease file (${quoted(said.file)}${inLines(said.lines)}) has the lease renewed ${times(said.requests.length)} in that time, in the end ${until}: the server takes the client for bound.`;
    }
    case "client-unrenewed":
      return `The client's own file (${quoted(said.file)}${inLines(said.lines)}) has no renewal of that time: its lease ends at ${clock(said.expires)}.`;
  }
}

/** "line 17 of client.log", "lines 17, 23 and others of client.log". */
function where(lines: readonly LineRef[]): string {
  const byInput = new Map<string, number[]>();
  for (const { input, line } of lines) byInput.set(input, [...(byInput.get(input) ?? []), line]);
  return list([...byInput].map(([input, numbers]) => `${numbersText(numbers)} of ${quoted(input)}`));
}

function inLines(lines: readonly LineRef[]): string {
  return lines.length === 0 ? "" : `, ${numbersText(lines.map(({ line }) => line))}`;
}

const SHOWN = 4;

export function numbersText(numbers: readonly number[]): string {
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  const shown = distinct.slice(0, SHOWN).map(String);
  const text = distinct.length > shown.length ? `${shown.join(", ")} and others` : list(shown);
  return `${distinct.length === 1 ? "line" : "lines"} ${text}`;
}

/** Lost on the way, as logs or lease files tell and no second capture point. */
export function lostByLog(facts: LossFacts): Reasons | null {
  const said = saidOf(facts);
  const asked = said.some(({ kind }) => kind === "client-asked");
  if (facts.witness === "client-log" && asked) {
    return {
      because: "the client asked, as its own log shows, and its requests never came as far as this capture point",
      why: [],
      also: [],
      not: ["Not a client that forgot to ask."],
      open: [
        "Where they were lost: a capture at the guest's own port (its tap on the host) shows whether they left it.",
      ],
    };
  }
  if (facts.witness !== "server-log") return null;
  const answered = said.some(({ kind }) => kind === "server-answered" || kind === "server-renewed");
  const unheard = !answered;
  const what = messagesOf(facts.lost);
  const hedge = { certain: "", likely: "most likely ", possible: "perhaps " }[facts.finding.confidence];
  return {
    because: unheard
      ? `${what} passed this point and never reached the server: ${hedge}lost on the way to it`
      : `the server answered ${what}, and its answers never came as far as this point: ${hedge}lost on the way to the client`,
    why: [],
    also: [],
    not: unheard
      ? ["Not a silent server: it had nothing to answer."]
      : ["Not a silent server: it answered.", "Not the checksum: what is not delivered cannot be refused."],
    open: [
      ...(facts.finding.alternatives.includes("request-partial")
        ? [
            "Or the server threw them away for their unfinished checksum (offload), which it does without a word: a capture on its own interface shows whether they arrive.",
          ]
        : []),
      `What drops them on the way, neither log nor packets tell: look at packet filters (nft list ruleset, ebtables -L) and drop counters between this point and the server.`,
    ],
  };
}
