import { expect, it } from "vitest";
import { describeUnless } from "../support/skip.js";
import { absent, findTool } from "../support/tools.js";
import { Lab, labReason } from "./lab.js";

const aNumber: unknown = expect.any(Number);
const isGood: unknown = expect.objectContaining({ verdict: "good" });
/** Milliseconds: a lease that is lost, and another that is renewed. */
const LONG = 240_000;
/** Seconds that a lease of 20 s may take on a busy machine. */
const PATIENT = 100;

describeUnless(labReason(), "leasetap doctor --watch beside real programs", () => {
  it("says that a renewal fails, and after a remedy that it works", { timeout: LONG }, async () => {
    if (findTool("iptables") === null) absent("needs iptables, which is not installed");
    const lab = new Lab(41);
    try {
      await lab.dhcpd();
      const before = lab.doctor("--watch", lab.mac, "-i", "s0");
      await before.said(/^Watching s0/, 1, PATIENT);
      const dhclient = lab.dhclient(true);
      // ISC dhcpd answers first requests by a raw socket, with whole sums, and renewals through its kernel.
      await before.said(/ACK to a first request.*UDP checksum good/, 1, PATIENT);
      await before.said(/ACK to a renewal.*UDP checksum partial/, 1, PATIENT);
      expect(await before.exit).toBe(1);
      expect(before.saying(/ACK to a renewal .*was ignored/).length).toBeGreaterThan(0);
      expect(before.saying(/^Renewals of this guest fail/)).toHaveLength(1);
      expect(before.saying(/Rule +none that completes checksums/)).toHaveLength(1);

      const fill = ["-p", "udp", "--dport", "68", "-j", "CHECKSUM", "--checksum-fill"];
      lab.onServer("iptables", "-t", "mangle", "-A", "POSTROUTING", ...fill);
      const after = lab.doctor("--watch", lab.mac, "-i", "s0", "--json");
      expect(await after.exit).toBe(0);
      const records = after.lines.map(({ text }): unknown => JSON.parse(text));
      expect(records.at(-1)).toMatchObject({
        type: "guest-result",
        ports: ["s0"],
        renewals: "works",
        tested: { renewalAck: true },
        rules: [{ packets: aNumber }],
      });
      expect(records).toContainEqual(
        expect.objectContaining({
          type: "guest-reply",
          occasion: "renewal-ack",
          taken: true,
          checksum: isGood,
        }),
      );
      expect(JSON.stringify(records.at(-1))).not.toContain('"packets":0');
      // The client's own log is the truth. Whether the lease ran out first is a matter of when the rule came.
      expect(dhclient.saying(/script: RENEW/).length).toBeGreaterThan(0);
    } finally {
      await lab.dismantle();
    }
  });
});
