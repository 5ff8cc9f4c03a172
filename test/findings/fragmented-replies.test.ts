import { join } from "node:path";
import { expect, it } from "vitest";
import { alarmsOf, told } from "../scenarios/recordings.js";
import { pcaps } from "../support/program.js";
import { describeWithShared } from "../support/shared.js";

const FRAGMENTS = "came in IPv4 fragments";

describeWithShared("replies in fragments", (shared) => {
  it("that a client ignored, though they are sound, are named as the likely reason", async () => {
    const capture = join(shared, "corpus", "captures", "self_frag_dnsmasq_bigoptions.pcap");
    const [finding] = alarmsOf(await told(capture));
    expect(finding?.code).toBe("reply-ignored");
    expect(finding?.detail).toContain(`All ignored replies ${FRAGMENTS}`);
  });

  it("are not spoken of where replies were whole", async () => {
    for (const name of ["s02-offload-ack", "s06-garbage"]) {
      const findings = alarmsOf(await told(join(pcaps, name, "bridge.pcap")));
      expect(findings.length).toBeGreaterThan(0);
      for (const { detail } of findings) expect(detail).not.toContain("fragments");
    }
  });
});
