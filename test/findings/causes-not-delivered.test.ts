import { describe, expect, it } from "vitest";
import { ack, arp, discover, offer, renew, request, script, type Script } from "../support/script.js";
import { alarms, causes, lost, repliesOf } from "../support/script-view.js";
import type { MessageOptions } from "../support/script-messages.js";

const BRIDGE = 0;
const TAP = 1;
const POINTS = ["br0", "vnet0"];

/** A renewal of which every frame is seen at both points. */
function renewal(story: Script, time: number, reply: MessageOptions = {}): Script {
  return story
    .at(time, renew({ point: TAP }))
    .again(time + 0.0001, { point: BRIDGE })
    .at(time + 0.01, ack({ point: BRIDGE, ...reply }))
    .again(time + 0.0101, { point: TAP });
}

function bound(): Script {
  const story = script({ lease: 120 }).bound(0, { point: BRIDGE });
  return renewal(renewal(story, 60), 120);
}

/** A request at both points, its reply at the bridge alone. */
function replyLost(story: Script, time: number, secs: number, sum: "good" | "partial" = "good"): Script {
  return story
    .at(time, renew({ point: TAP, secs }))
    .again(time + 0.0001, { point: BRIDGE })
    .at(time + 0.01, ack({ point: BRIDGE, sum }));
}

/** Both points go on watching. */
function watching(story: Script, time: number): Script {
  return story.at(time, arp({ client: 9, point: BRIDGE }), arp({ client: 9, point: TAP }));
}

function discovers(story: Script, time: number): Script {
  return story.at(time, discover({ xid: 2, point: TAP })).again(time + 0.0001, { point: BRIDGE });
}

describe("not-delivered", () => {
  it("explains replies that pass the bridge and never reach the guest's tap", () => {
    const story = replyLost(replyLost(bound(), 180, 0), 195, 15);
    const run = watching(discovers(story, 240), 250).run({ points: POINTS });
    expect(lost(run).slice(0, 2)).toEqual([
      "REQUEST at 180: not-delivered certain",
      "REQUEST at 195: not-delivered certain",
    ]);
  });

  it("explains them in two files as well", () => {
    const story = replyLost(replyLost(bound(), 180, 0), 195, 15);
    const run = watching(discovers(story, 240), 250).run({ points: POINTS, apart: true });
    expect(causes(run)[0]).toBe("not-delivered certain");
  });

  it("knows when each point was watched, where the captures say so", () => {
    const story = replyLost(replyLost(bound(), 180, 0), 195, 15).at(240, discover({ xid: 2, point: BRIDGE }));
    const last = story.at(250, arp({ client: 9, point: BRIDGE }));
    const first = (watched: readonly (readonly [number, number])[], apart: boolean): string | undefined =>
      causes(last.run({ points: POINTS, apart, watched }))[0];
    for (const apart of [true, false]) {
      expect(
        first(
          [
            [0, 251],
            [0, 251],
          ],
          apart,
        ),
      ).toBe("not-delivered certain");
      // The tap was gone by then, or not yet looked at: that it shows nothing proves nothing.
      expect(
        first(
          [
            [0, 251],
            [0, 170],
          ],
          apart,
        ),
      ).not.toContain("not-delivered");
      expect(
        first(
          [
            [0, 251],
            [220, 251],
          ],
          apart,
        ),
      ).not.toContain("not-delivered");
    }
  });

  it("explains requests that leave the tap and never reach the bridge", () => {
    const story = bound()
      .at(180, renew({ point: TAP }))
      .at(195, renew({ point: TAP, secs: 15 }));
    const run = watching(discovers(story, 240), 250).run({ points: POINTS });
    expect(lost(run).slice(0, 2)).toEqual([
      "REQUEST at 180: not-delivered certain",
      "REQUEST at 195: not-delivered certain",
    ]);
  });

  it("explains partial replies that are dropped in between: their sums are not to blame", () => {
    const story = replyLost(replyLost(bound(), 180, 0, "partial"), 195, 15, "partial");
    const run = watching(discovers(story, 240), 250).run({ points: POINTS });
    expect(causes(run)[0]).toBe("not-delivered certain");
  });

  it("is not said where the other point had stopped watching", () => {
    const story = replyLost(bound(), 180, 0)
      .at(195, renew({ point: BRIDGE, secs: 15 }))
      .at(195.01, ack({ point: BRIDGE }));
    const only = story.frames.filter(({ point, time }) => point === BRIDGE || time < 150);
    story.frames.splice(0, story.frames.length, ...only);
    const run = story.at(240, discover({ xid: 2, point: BRIDGE })).run({ points: POINTS, apart: true });
    expect(lost(run).join()).not.toContain("not-delivered");
  });

  it("is not said where that point never sees unicast replies of this client", () => {
    const story = script({ lease: 120 }).bound(0, { point: BRIDGE });
    for (const time of [60, 75]) {
      story.at(time, renew({ point: TAP, secs: time - 60 })).again(time + 0.0001, { point: BRIDGE });
      story.at(time + 0.01, ack({ point: BRIDGE }));
    }
    const run = watching(discovers(story, 120), 130).run({ points: POINTS });
    expect(lost(run).join()).not.toContain("not-delivered");
  });

  it("is not said of a reply whose payload was changed on the way", () => {
    const story = bound();
    for (const time of [180, 195]) {
      story.at(time, renew({ point: TAP, secs: time - 180 })).again(time + 0.0001, { point: BRIDGE });
      story.at(time + 0.01, ack({ point: BRIDGE, message: "hello" }));
      story.again(time + 0.0101, { point: TAP, message: "jello", sum: "bad" });
    }
    const run = watching(discovers(story, 240), 250).run({ points: POINTS });
    expect(causes(run)[0]).toMatch(/^checksum-bad/);
  });

  it("is not said of a healthy path, whichever point saw the frames first", () => {
    const run = renewal(bound(), 180).until(200).run({ points: POINTS });
    expect(causes(run)).toEqual([]);
    expect(alarms(run)).toEqual([]);
  });

  it("is no loss where the client went on all the same: the tap's capture dropped the frame", () => {
    const story = replyLost(bound(), 180, 0);
    const run = watching(renewal(story, 240), 260).run({ points: POINTS });
    expect(alarms(run)).toEqual([]);
    expect(causes(run)).toEqual([]);
  });
});

describe("a point beside the way", () => {
  const POINTS_OF_THREE = ["br0", "vnet0", "vnet1"];
  const OTHER = 2;

  /** DISCOVER to ACK: broadcasts reach the port of another guest, too, and reach it last. */
  function everywhere(time: number, sum: "good" | "partial" = "good"): Script {
    return script({ lease: 120 })
      .at(time, discover({ point: TAP }))
      .again(time + 0.0001, { point: BRIDGE })
      .again(time + 0.0002, { point: OTHER })
      .at(time + 0.01, offer({ point: BRIDGE, to: "unicast" }))
      .again(time + 0.0101, { point: TAP })
      .at(time + 0.02, request({ point: TAP }))
      .again(time + 0.0201, { point: BRIDGE })
      .again(time + 0.0202, { point: OTHER })
      .at(time + 0.03, ack({ point: BRIDGE, to: "broadcast" }))
      .again(time + 0.0301, { point: TAP, sum })
      .again(time + 0.0302, { point: OTHER });
  }

  it("misses no unicast, though one was flooded there once", () => {
    const story = everywhere(0)
      .at(60, renew({ point: TAP }))
      .again(60.0001, { point: BRIDGE })
      .again(60.0002, { point: OTHER })
      .at(60.01, ack({ point: BRIDGE }))
      .again(60.0101, { point: TAP });
    renewal(story, 120)
      .at(180, renew({ point: TAP }))
      .again(180.0001, { point: BRIDGE })
      .at(200, renew({ point: TAP, secs: 20 }))
      .again(200.0001, { point: BRIDGE });
    const run = watching(discovers(story, 240), 250)
      .at(250, arp({ client: 9, point: OTHER }))
      .run({ points: POINTS_OF_THREE });
    expect(lost(run).slice(0, 2)).toEqual(["REQUEST at 180: no-reply likely", "REQUEST at 200: no-reply likely"]);
  });

  it("does not show with which checksum the client met a broadcast", () => {
    const run = everywhere(0, "partial").until(30).run({ points: POINTS_OF_THREE });
    const ackOf = repliesOf(run).find(({ message }) => message.kind === "ACK");
    expect(ackOf?.message.sightings.map(({ point }) => point.interface)).toEqual(["vnet1", "br0", "vnet0"]);
  });
});

describe("a point on the server's side", () => {
  it("misses unicasts even if it has never seen one, where those of the server pass", () => {
    const SERVER = 2;
    const story = script({ lease: 120 })
      .at(0, discover({ point: BRIDGE }))
      .again(0.0001, { point: SERVER })
      .at(0.01, offer({ point: SERVER }))
      .again(0.0101, { point: BRIDGE })
      .at(0.02, request({ point: BRIDGE }))
      .again(0.0201, { point: SERVER })
      .at(0.03, ack({ point: SERVER }))
      .again(0.0301, { point: BRIDGE })
      .at(60, renew({ point: BRIDGE }))
      .at(80, renew({ point: BRIDGE, secs: 20 }))
      .at(120, discover({ xid: 2, point: BRIDGE }))
      .again(120.0001, { point: SERVER })
      .at(130, arp({ client: 9, point: BRIDGE }));
    const run = story.at(130, arp({ client: 9, point: SERVER })).run({ points: ["br0", "vnet0", "veth-server"] });
    expect(lost(run).slice(0, 2)).toEqual([
      "REQUEST at 60: not-delivered certain",
      "REQUEST at 80: not-delivered certain",
    ]);
  });
});
