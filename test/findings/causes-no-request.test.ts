import { describe, expect, it } from "vitest";
import { ack, arp, discover, offer, reboot, rebind, request, script, traffic, type Script } from "../support/script.js";
import { alarms, causes, finding, findings, leaseStates } from "../support/script-view.js";

function bound(): Script {
  return script({ lease: 120 }).bound(0);
}

function inOrder(story: Script): Script {
  story.frames.sort((a, b) => a.time - b.time);
  return story;
}

describe("no-request", () => {
  it("is an error where the client is seen after T2 and has asked for nothing", () => {
    const story = bound().at(10, arp()).at(50, traffic()).at(110, traffic()).at(118, arp()).at(140, traffic());
    const run = story.until(200).run();
    expect(findings(run)).toEqual(["error no-request likely"]);
    expect(leaseStates(run)).toEqual(["EXPIRED"]);
  });

  it("is a warning where the client comes back with DISCOVER long after", () => {
    const run = bound().bound(400, { xid: 2 }).until(430).run();
    expect(findings(run)).toEqual(["warning no-request likely"]);
  });

  // Fails: what a client sends after its DISCOVER counts as a sign that it was there before.
  describe.each([1, Infinity])("in blocks of %d frames", (block) => {
    it("is a warning though the client uses its address once it is back", () => {
      const story = bound()
        .bound(400, { xid: 2 })
        .at(401, arp())
        .at(402, traffic())
        .renewed(460, { xid: 2 })
        .until(470);
      expect(alarms(story.run({ block }))).toEqual(["warning no-request likely"]);
    });
  });

  it("is a note where the client is gone, and its lease is LEFT", () => {
    const run = bound().at(10, arp()).at(50, traffic()).until(400).run();
    expect(alarms(run)).toEqual([]);
    expect(leaseStates(run)).toEqual(["LEFT"]);
  });

  it("is a note where nothing but DHCP is seen of the client", () => {
    const run = bound().until(400).run();
    expect(findings(run)).toEqual(["note no-request possible"]);
    expect(leaseStates(run)).toEqual(["LEFT"]);
  });

  it("is not said at the port of another guest, where the renewals of this one do not pass", () => {
    const story = script({ lease: 120 }).bound(0, { client: 1 });
    story
      .at(1, discover({ client: 2, xid: 2 }))
      .at(1.01, offer({ client: 2, xid: 2, to: "broadcast" }))
      .at(1.02, request({ client: 2, xid: 2 }))
      .at(1.03, ack({ client: 2, xid: 2, to: "broadcast" }));
    const run = story.renewed(60, { client: 1 }).renewed(120, { client: 1 }).until(170).run();
    expect(findings(run)).toEqual([]);
  });

  it("is a note where the client comes back and asks for its old address: it was asleep", () => {
    const run = bound()
      .at(4000, reboot({ xid: 2 }))
      .at(4000.01, ack())
      .until(4030)
      .run();
    expect(alarms(run)).toEqual([]);
  });

  it("is not said before T2", () => {
    expect(findings(bound().at(10, arp()).at(90, arp()).until(100).run())).toEqual([]);
  });

  it("is not said of a client that uses another address by now", () => {
    const run = bound()
      .at(10, arp())
      .at(110, arp({ address: "10.0.0.201" }))
      .until(300)
      .run();
    expect(alarms(run)).toEqual([]);
  });

  // Fails: nothing that it sends or gets to one address passes here, so its renewals would not be seen either.
  it("is no error where broadcasts are all that is seen of a client: its renewals pass elsewhere", () => {
    const story = script({ lease: 120, to: "broadcast" }).bound(0);
    for (let time = 10; time < 400; time += 20) story.at(time, arp());
    expect(alarms(story.until(400).run())).toEqual([]);
  });

  it("is not said because of what others send", () => {
    const run = bound()
      .at(10, arp())
      .at(110, arp({ client: 2 }))
      .at(150, traffic({ client: 2 }))
      .until(300)
      .run();
    expect(alarms(run)).toEqual([]);
  });
});

describe("a capture point that cannot see replies", () => {
  it("gives a client no cause and no finding, but one note for all of them", () => {
    const story = script({ lease: 120 });
    for (let client = 1; client <= 5; client += 1) {
      story.at(client, discover({ client })).at(client + 0.1, request({ client }));
      story.at(client + 200, discover({ client, xid: 2 })).at(client + 200.1, request({ client, xid: 2 }));
    }
    const run = inOrder(story).until(400).run();
    expect(causes(run)).toEqual([]);
    expect(findings(run)).toEqual(["note blind certain"]);
    expect(finding(run, "blind")).toMatchObject({ severity: "note" });
  });

  it("gives no cause to its rebinds either", () => {
    const run = script({ lease: 120 })
      .at(0, discover())
      .at(0.1, request())
      .at(106, rebind({ secs: 46 }))
      .at(115, rebind({ secs: 55 }))
      .at(120, discover({ xid: 2 }))
      .at(120.1, request({ xid: 2 }))
      .until(200)
      .run();
    expect(alarms(run)).toEqual([]);
  });

  it("is not taken for one where the OFFER was seen", () => {
    const run = script().at(0, discover()).at(0.1, offer()).at(0.2, request()).until(30).run();
    expect(findings(run).join()).not.toContain("blind");
  });
});
