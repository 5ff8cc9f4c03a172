import { describe, expect, it } from "vitest";
import { describe as words } from "../../src/findings/prose.js";
import { arp, discover, rebind, renew, script, traffic } from "../support/script.js";
import { finding } from "../support/script-view.js";

describe("a silent server whose host answers ARP and talks to others all the while", () => {
  it("is told by that no DHCP message came from it", () => {
    const story = script({ lease: 120 }).bound(0, { client: 1 }).bound(1, { client: 2 });
    story
      .at(60, renew({ client: 1 }))
      .at(61, renew({ client: 2 }))
      .at(65, arp({ server: 1, target: "10.0.0.101", answers: true }))
      .at(66, traffic({ server: 1, target: "10.0.0.101" }))
      .at(70, renew({ client: 1, secs: 10 }))
      .at(71, renew({ client: 2, secs: 10 }))
      .at(106, rebind({ client: 1, secs: 46 }))
      .at(107, rebind({ client: 2, secs: 46 }))
      .at(120, discover({ client: 1, xid: 2 }));
    const run = story.until(160).run();
    const told = run.findings.filter(({ code }) => code === "no-reply").map((found) => words(found, run));
    expect(told).toHaveLength(2);
    for (const { summary, detail } of told) {
      expect(detail).toMatch(
        /No DHCP message from server 10\.0\.0\.1 to anybody was seen from 2023-11-14 22:14:2[01] UTC on/,
      );
      expect(`${summary} ${detail}`).not.toMatch(/nothing from/i);
    }
  });

  it("is told so in one sentence where only one client asked", () => {
    const story = script({ lease: 120 })
      .bound(0)
      .at(1, traffic({ server: 1, target: "10.0.0.101" }));
    story.renewed(60).at(120, renew({ xid: 3 }));
    story
      .at(135, renew({ xid: 3, secs: 15 }))
      .at(140, traffic({ server: 1, target: "10.0.0.101" }))
      .at(166, rebind({ xid: 3, secs: 46 }))
      .at(181, discover({ xid: 4 }));
    const run = story.until(200).run();
    expect(words(finding(run, "no-reply"), run).summary).toContain(
      "; no DHCP message from server 10.0.0.1 was seen from 2023-11-14 22:15:20 UTC on",
    );
  });
});
