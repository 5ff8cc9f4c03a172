import { describe, expect, it } from "vitest";
import type { Cause, Confidence } from "../../src/findings/cause.js";
import {
  ack,
  arp,
  discover,
  nak,
  offer,
  rebind,
  renew,
  request,
  script,
  unreachable,
  type Script,
} from "../support/script.js";
import type { Sum } from "../support/script-frames.js";
import type { MessageOptions } from "../support/script-messages.js";
import type { FeedOptions } from "../support/script-feed.js";

function bound(options: MessageOptions = {}): Script {
  return script({ lease: 120, ...options }).bound(0);
}

/** Renewals with such replies, ignored; then a DISCOVER at expiry. */
function ignored(story: Script, ...sums: Sum[]): Script {
  sums.forEach((sum, index) => {
    story.at(60 + 15 * index, renew({ secs: 15 * index })).at(60.01 + 15 * index, ack({ sum }));
  });
  return story.at(120, discover({ xid: 2 }));
}

function boundAgain(story: Script, sum: Sum): Script {
  story
    .at(120.01, offer({ sum }))
    .at(120.02, request({ xid: 2 }))
    .at(120.03, ack({ sum }));
  return story.renewed(180, { xid: 2, sum }).until(190);
}

function lateReply(story: Script): Script {
  return story
    .at(60, renew())
    .at(90, renew())
    .at(120, discover({ xid: 2 }))
    .at(123, ack({ xid: 1 }))
    .until(130);
}

function unicastsThenBroadcast(story: Script, times: readonly number[], options: MessageOptions = {}): Script {
  for (const time of times) story.at(time, renew(options));
  return story.at(106, rebind({ secs: 46 })).at(106.01, ack());
}

/** A renewal seen at the bridge and the tap, then one of which the ACKs reach the bridge alone. */
function twoPoints(): Script {
  const story = script({ lease: 120 }).bound(0, { point: 0 });
  for (const time of [60, 120]) {
    story.at(time, renew({ point: 1 })).again(time + 0.0001, { point: 0 });
    story.at(time + 0.01, ack({ point: 0 })).again(time + 0.0101, { point: 1 });
  }
  for (const time of [180, 195]) {
    story
      .at(time, renew({ point: 1, secs: time - 180 }))
      .again(time + 0.0001, { point: 0 })
      .at(time + 0.01, ack({ point: 0 }));
  }
  return story
    .at(240, discover({ xid: 2, point: 1 }))
    .again(240.0001, { point: 0 })
    .until(250)
    .at(251, arp({ point: 1 }));
}

interface Level {
  readonly cause: Cause;
  readonly confidence: Confidence;
  readonly because: string;
  readonly story: Script;
  readonly alternatives?: readonly Cause[];
  readonly feed?: FeedOptions;
}

const LEVELS: readonly Level[] = [
  {
    cause: "offload-partial",
    confidence: "certain",
    because: "two partial replies were ignored and the next, a good one, was taken",
    story: boundAgain(ignored(bound(), "partial", "partial"), "good"),
    alternatives: [],
  },
  {
    cause: "offload-partial",
    confidence: "likely",
    because: "two partial replies were ignored and none was taken since",
    story: ignored(bound(), "partial", "partial"),
    alternatives: ["reply-ignored"],
  },
  {
    cause: "offload-partial",
    confidence: "possible",
    because: "two partial replies were ignored, but partial ones were taken before and after",
    story: boundAgain(ignored(bound({ sum: "partial" }), "partial", "partial"), "partial"),
    alternatives: ["reply-ignored"],
  },
  {
    cause: "offload-partial",
    confidence: "likely",
    because: "one partial reply was ignored and the next, a good one, was taken",
    story: boundAgain(ignored(bound(), "partial"), "good"),
    alternatives: ["reply-ignored"],
  },
  {
    cause: "offload-partial",
    confidence: "possible",
    because: "one partial reply was ignored and nothing else is known",
    story: ignored(bound(), "partial"),
    alternatives: ["reply-ignored"],
  },
  {
    cause: "checksum-bad",
    confidence: "certain",
    because: "two damaged replies were ignored and a good one was taken",
    story: boundAgain(ignored(bound(), "bad", "bad"), "good"),
    alternatives: [],
  },
  {
    cause: "checksum-bad",
    confidence: "likely",
    because: "damaged replies were ignored and none was taken since",
    story: ignored(bound(), "bad", "bad"),
  },
  {
    cause: "checksum-bad",
    confidence: "possible",
    because: "the client has taken a damaged reply before",
    story: ignored(bound({ sum: "bad" }).renewed(30, { sum: "bad" }), "bad", "bad"),
    alternatives: ["reply-ignored"],
  },
  {
    cause: "reply-ignored",
    confidence: "certain",
    because: "several sound replies were ignored",
    story: ignored(bound(), "good", "good"),
    alternatives: [],
  },
  {
    cause: "reply-ignored",
    confidence: "likely",
    because: "one sound reply was ignored",
    story: ignored(bound(), "good"),
  },
  {
    cause: "reply-ignored",
    confidence: "possible",
    because: "one partial reply was ignored between partial ones that were taken",
    story: bound({ sum: "partial" })
      .at(60, renew())
      .at(60.01, ack())
      .at(68, renew({ secs: 8 }))
      .at(68.01, ack())
      .renewed(128, { sum: "partial" })
      .until(140),
    alternatives: ["offload-partial"],
  },
  {
    cause: "nak",
    confidence: "certain",
    because: "the client began anew after it",
    story: bound()
      .at(60, renew())
      .at(60.1, nak())
      .at(60.2, discover({ xid: 2 })),
    alternatives: [],
  },
  {
    cause: "nak",
    confidence: "likely",
    because: "the capture ends before the client says anything",
    story: bound().at(60, renew()).at(60.1, nak()).until(61),
  },
  {
    cause: "wrong-reply",
    confidence: "certain",
    because: "it names another transaction",
    story: bound()
      .at(60, renew({ xid: 2 }))
      .at(60.1, ack({ xid: 9 }))
      .until(70),
    alternatives: [],
  },
  {
    cause: "wrong-reply",
    confidence: "likely",
    because: "an option is missing that some clients can do without",
    story: bound()
      .at(60, renew())
      .at(60.1, ack({ lease: null }))
      .at(75, renew({ secs: 15 }))
      .at(75.1, ack({ lease: null }))
      .at(120, discover({ xid: 2 })),
    alternatives: ["reply-ignored"],
  },
  {
    cause: "late-reply",
    confidence: "certain",
    because: "the server's other replies come at once",
    story: lateReply(bound()),
    alternatives: ["no-reply"],
  },
  {
    cause: "late-reply",
    confidence: "likely",
    because: "nothing else is known of the server",
    story: lateReply(script({ lease: 120 })),
    alternatives: ["no-reply"],
  },
  {
    cause: "no-reply",
    confidence: "certain",
    because: "several requests had none where unicasts of several clients pass",
    story: bound().bound(1, { client: 2, xid: 7 }).at(60, renew()).at(80, renew()).until(90),
    alternatives: [],
  },
  {
    cause: "no-reply",
    confidence: "likely",
    because: "it is one request, though replies are seen here",
    story: bound().at(60, renew()).until(70),
  },
  {
    cause: "no-reply",
    confidence: "possible",
    because: "no reply of any server was ever seen here",
    story: script().at(0, renew()).until(10),
    alternatives: ["reply-ignored"],
  },
  {
    cause: "unicast-blocked",
    confidence: "certain",
    because: "the server answered another client meanwhile",
    story: unicastsThenBroadcast(bound().bound(70, { client: 2, xid: 7 }), [60, 80]).until(120),
    alternatives: [],
  },
  {
    cause: "unicast-blocked",
    confidence: "likely",
    because: "two unicasts had no answer and the broadcast has one",
    story: unicastsThenBroadcast(bound(), [60, 80]).until(120),
    alternatives: ["no-reply"],
  },
  {
    cause: "unicast-blocked",
    confidence: "possible",
    because: "it is one unicast",
    story: unicastsThenBroadcast(bound(), [60]).until(120),
    alternatives: ["no-reply"],
  },
  {
    cause: "request-bad",
    confidence: "certain",
    because: "a sound request was answered and the bad ones were not",
    story: unicastsThenBroadcast(bound(), [60, 80], { sum: "bad" }).until(120),
    alternatives: [],
  },
  {
    cause: "request-bad",
    confidence: "likely",
    because: "all of its requests were bad",
    story: bound()
      .at(60, renew({ sum: "bad" }))
      .at(80, renew({ sum: "bad" }))
      .bound(82, { client: 2, xid: 7 })
      .until(90),
    alternatives: ["no-reply"],
  },
  {
    cause: "request-partial",
    confidence: "possible",
    because: "from here it looks the same as a filter on unicasts",
    story: unicastsThenBroadcast(bound(), [60, 80], { sum: "partial" }).until(120),
    alternatives: ["unicast-blocked"],
  },
  {
    cause: "port-unreachable",
    confidence: "certain",
    because: "an ICMP error quotes the request",
    story: bound().at(60, renew()).at(60.01, unreachable("request")).until(70),
    alternatives: [],
  },
  {
    cause: "not-delivered",
    confidence: "certain",
    because: "a later capture point lacks the replies",
    story: twoPoints(),
    alternatives: [],
    feed: { points: ["br0", "vnet0"] },
  },
  {
    cause: "no-request",
    confidence: "likely",
    because: "the client's other frames are seen after T2, but it may have been paused before that, or moved away",
    story: bound().at(10, arp()).at(110, arp()).at(130, arp()).until(200),
    alternatives: [],
  },
  {
    cause: "no-request",
    confidence: "likely",
    because: "the client came back with DISCOVER",
    story: bound().bound(400, { xid: 2 }).until(430),
  },
  {
    cause: "no-request",
    confidence: "possible",
    because: "nothing else is ever seen of the client",
    story: bound().until(400),
  },
];

/** Of the first renewal that went wrong, in order of time of its lost attempts. */
function judged({ story, feed }: Level) {
  story.frames.sort((a, b) => a.time - b.time);
  const run = story.run(feed ?? {});
  return run.diagnoses.find(({ main, cycle }) => main !== null && cycle.kind === "renewal")?.main;
}

describe("confidence", () => {
  it.each(LEVELS)("$cause is $confidence when $because", (level) => {
    const main = judged(level);
    expect(main).toMatchObject({ cause: level.cause, confidence: level.confidence });
    if (level.alternatives !== undefined) expect(main?.alternatives).toEqual(level.alternatives);
  });

  it("certain always has a witness", () => {
    const certain = LEVELS.filter(({ confidence }) => confidence === "certain").map(judged);
    expect(certain.every((main) => main !== null && main !== undefined && main.witness !== null)).toBe(true);
  });

  it("possible always names what else it may be, or is about a client that may simply be gone", () => {
    const possible = LEVELS.filter(({ confidence, cause }) => confidence === "possible" && cause !== "no-request");
    expect(possible.map(judged).every((main) => (main?.alternatives.length ?? 0) > 0)).toBe(true);
  });

  it("is at most likely where a cut frame only looks partial", () => {
    const CUT = 14 + 20 + 8 + 240 + 40;
    const story = boundAgain(ignored(bound({ cut: CUT - 30 }), "partial", "partial"), "good").run();
    const main = story.diagnoses.find(({ cycle }) => cycle.outcome === "expired")?.main;
    expect(main?.confidence).not.toBe("certain");
  });
});
