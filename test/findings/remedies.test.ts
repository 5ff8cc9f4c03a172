import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { remediesFor, remediesOf, type Remedy } from "../../src/findings/remedies.js";
import { describeWithShared } from "../support/shared.js";
import { emptyLoss, everyFinding, examine } from "./support.js";

const NOTHING = { servers: [] };

describe("remedies", () => {
  it.each(everyFinding())("exist for $code, $confidence, once each and known for that code", (finding) => {
    const remedies = remediesFor(finding, NOTHING);
    expect(remedies.length).toBeGreaterThan(0);
    expect(new Set(remedies.map(({ id }) => id)).size).toBe(remedies.length);
    const known = remediesOf(finding.code).map(({ id }) => id);
    const others = finding.alternatives.flatMap((cause) => remediesOf(cause).map(({ id }) => id));
    expect([...known, ...others, "capture-at-guest"]).toEqual(expect.arrayContaining(remedies.map(({ id }) => id)));
  });

  it("for unfinished checksums begin with the rule that fills them, and never set them to 0", () => {
    const commands = commandsOf(remediesFor(emptyLoss("offload-partial", "certain"), NOTHING));
    expect(commands[0]).toContain("-j CHECKSUM --checksum-fill");
    expect(commands.join(" ")).not.toContain("checksum set 0");
  });

  it("for unfinished checksums say which do not outlive a reboot of the guest", () => {
    const tap = remediesFor(emptyLoss("offload-partial", "certain"), NOTHING).find(
      ({ command }) => command === "ethtool -K TAP tx off",
    );
    expect(tap?.limits).toContain("until the guest reboots");
    expect(tap?.undo).toBe("ethtool -K TAP tx on");
  });

  it("begin with another capture where the cause is only possible", () => {
    expect(commandsOf(remediesFor(emptyLoss("offload-partial", "possible"), NOTHING))[0]).toContain("tcpdump -ni TAP");
  });
});

describeWithShared("remedies for recorded incidents", (shared) => {
  async function of(...path: string[]): Promise<Remedy[]> {
    const { inspection } = await examine(join(shared, ...path));
    const [finding] = inspection.findings;
    return finding === undefined ? [] : remediesFor(finding, inspection);
  }

  it("look for damage where one bit is wrong, and do not talk of offload", async () => {
    const remedies = await of("scenarios/s06-garbage/client.pcap");
    expect(remedies[0]?.id).toBe("find-damage");
    expect(JSON.stringify(remedies)).not.toContain("CHECKSUM");
  });

  it("compute the lease time that would have outlived the silence", async () => {
    // The server is stopped for 44 s, of which the first request sees 28.4 s (frames 15 to 37); T1 is 19.1 s of 40 s.
    const remedies = await of("scenarios/s03-silent-server/bridge.pcap");
    const what = remedies.find(({ id }) => id === "longer-lease")?.what;
    expect(what).toContain(
      "The longest silence seen here lasted 28 s; the lease of 40 s leaves 20 s from T1 to its end.",
    );
    // (28.4 + 65) / (1 - 0.5) = 186.8 s
    expect(what).toContain("A lease of 4 min, with T1 at half of it, outlives it whenever it begins");
  });

  it("take the requests in vain for a lower bound of a silence whose end is not in view", async () => {
    const remedies = await of("scenarios/s09-capture-late-silent/bridge.pcap");
    const what = remedies.find(({ id }) => id === "longer-lease")?.what;
    // From frame 9 (26.47 s) to frame 19 (42.29 s): 15.8 s; 2 * (15.8 + 65) = 161.6 s. The lease time is not known.
    expect(what).toContain("The silence seen here lasted 16 s at least and was not over.");
    expect(what).toContain("A lease of 3 min or more, with T1 at half of it, outlives it");
  });

  it("offer another server identifier where the way through the relay is open", async () => {
    const remedies = await of("scenarios/s12-relay/bridge.pcap");
    expect(remedies.some(({ what }) => what.includes("RFC 5107"))).toBe(true);
  });
});

function commandsOf(remedies: readonly Remedy[]): string[] {
  return remedies.flatMap(({ command }) => command ?? []);
}
