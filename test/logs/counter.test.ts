import { describe, expect, it } from "vitest";
import { inspectText, shortly } from "./support.js";

/** Jethro Carr, "DHCP, I/O and other virtualisation fun with KVM", 6 March 2011: where the story began. */
const STORY = `Mar  6 10:18:06 virtguest dhclient: 5 bad udp checksums in 5 packets
Mar  6 10:18:27 virtguest dhclient: DHCPREQUEST on eth0 to 10.8.12.1 port 67
Mar  6 10:18:45 virtguest dhclient: DHCPREQUEST on eth0 to 255.255.255.255 port 67
Mar  6 10:19:00 virtguest dhclient: DHCPREQUEST on eth0 to 255.255.255.255 port 67
Mar  6 10:19:07 virtguest dhclient: DHCPREQUEST on eth0 to 255.255.255.255 port 67
Mar  6 10:19:15 virtguest dhclient: DHCPREQUEST on eth0 to 255.255.255.255 port 67
Mar  6 10:19:15 virtguest dhclient: 5 bad udp checksums in 5 packets
`;

describe("the counter of ISC dhclient", () => {
  it("proves that five requests were answered and all five answers thrown away", () => {
    const { findings } = inspectText(STORY);
    expect(findings).toHaveLength(1);
    const [finding] = findings;
    expect(finding).toMatchObject({
      code: "checksum-rejected",
      severity: "error",
      confidence: "certain",
      alternatives: ["offload-partial", "checksum-bad"],
      who: { host: "virtguest", device: "eth0" },
    });
    expect(finding?.evidence.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(finding?.proof.join(" ")).toContain("all 5 requests were answered in time. The server was not too slow");
  });

  it("proves nothing of the kind by its absence", () => {
    const { findings } = inspectText(STORY.replace(/.*bad udp.*\n/g, ""));
    expect(findings).toMatchObject([{ code: "unanswered", confidence: "possible" }]);
    expect(findings[0]?.proof.join(" ")).not.toContain("answered");
    expect(findings[0]?.open.join(" ")).toContain("proves nothing");
  });

  it("does not say how many requests were answered if the log does not show since when it counted", () => {
    const { findings } = inspectText(STORY.slice(STORY.indexOf("\n") + 1));
    expect(findings).toMatchObject([{ code: "checksum-rejected" }]);
    expect(findings[0]?.proof.join(" ")).toContain("does not show since when");
  });

  it("counts from zero when the program starts", () => {
    const start = "Mar  6 10:18:06 virtguest dhclient: Internet Systems Consortium DHCP Client 4.1.1\n";
    const { findings } = inspectText(start + STORY.slice(STORY.indexOf("\n") + 1));
    // The first REQUEST after a start is one of INIT-REBOOT: nothing is known of a lease that is lost.
    expect(findings).toMatchObject([{ code: "checksum-rejected", severity: "warning" }]);
    expect(findings[0]?.proof.join(" ")).toContain("all 5 requests were answered");
  });

  it("does not claim more answers than it counted", () => {
    const { findings } = inspectText(
      STORY.replace(/5 bad udp checksums in 5 packets\n$/, "3 bad udp checksums in 5 packets\n"),
    );
    expect(findings[0]?.proof.join(" ")).not.toContain("were answered");
  });

  it("of another process says nothing of this one", () => {
    const other = STORY.replace(/dhclient: (?=DHCP)/g, "dhclient[1]: ").replace(/dhclient: (?=5)/g, "dhclient[2]: ");
    expect(shortly(inspectText(other))).toEqual(["error unanswered -"]);
  });

  it("of a server is about requests", () => {
    const { findings } = inspectText("Mar  6 10:18:06 h dhcpd: 3 bad udp checksums in 5 packets");
    expect(findings).toMatchObject([{ code: "checksum-rejected", who: { role: "server" } }]);
  });
});
