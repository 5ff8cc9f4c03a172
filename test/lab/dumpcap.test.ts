import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { leasetap, recordsOf, type Json } from "../support/program.js";
import { clientMac, EVERY_MAC, EVERYBODY, trafficFrame } from "../support/script-frames.js";
import { describeUnless } from "../support/skip.js";
import { requireTool } from "../support/tools.js";
import { Cables } from "./cables.js";
import { labReason } from "./lab.js";

/** Milliseconds. */
const LONG = 60_000;
const PAUSE = 1000;

const frame = trafficFrame({ src: clientMac(1), dst: EVERY_MAC, vlan: [] }, 0, EVERYBODY);

describeUnless(labReason(), "files that dumpcap writes", () => {
  it("tell of a gap between two watches, and of none within one", { timeout: LONG }, async () => {
    const dumpcap = [requireTool("dumpcap"), "-q", "-i", "a0"];
    const folder = mkdtempSync(join(tmpdir(), "leasetap-dumpcap-"));
    const cables = new Cables(20);
    try {
      cables.lay("a");
      const sent = cables.send("a1", [frame], 100, 10);
      const [first, second] = [join(folder, "1.pcapng"), join(folder, "2.pcapng")];
      const watch = async (path: string): Promise<{ began: number; ended: number }> => {
        const began = Date.now();
        await cables.finish(...dumpcap, "-a", "duration:1", "-w", path);
        return { began, ended: Date.now() };
      };
      const before = await watch(first);
      await new Promise((settle) => setTimeout(settle, PAUSE));
      const after = await watch(second);
      const ring = join(folder, "ring");
      mkdirSync(ring);
      await cables.finish(...dumpcap, "-b", "packets:4", "-a", "files:3", "-w", join(ring, "r.pcapng"));
      await sent;

      const [gap, ...others] = gapsIn((await leasetap(["analyze", second, first, "--json"])).stdout);
      expect(others).toEqual([]);
      const [from, to] = [Date.parse(String(gap?.["from"])), Date.parse(String(gap?.["to"]))];
      expect(from).toBeGreaterThan(before.began + 1000);
      expect(from).toBeLessThanOrEqual(before.ended);
      expect(to).toBeGreaterThanOrEqual(after.began);
      expect(to).toBeLessThan(after.ended - 1000);

      const joined = join(folder, "joined");
      writeFileSync(joined, Buffer.concat([readFileSync(first), readFileSync(second)]));
      const [same] = gapsIn((await leasetap(["analyze", joined, "--json"])).stdout);
      expect([same?.["from"], same?.["to"]]).toEqual([gap?.["from"], gap?.["to"]]);

      const { stdout } = await leasetap(["analyze", ring, "--json"]);
      expect(recordsOf(stdout).filter(({ type }) => type === "input")).toHaveLength(3);
      expect(gapsIn(stdout)).toEqual([]);
    } finally {
      await cables.dismantle();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

function gapsIn(stdout: string): Json[] {
  return recordsOf(stdout).filter(({ type, code }) => type === "finding" && code === "gap");
}
