import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { EVERYTHING } from "../../src/report/filter.js";
import { renderReport } from "../../src/report/text.js";
import { examine } from "../findings/support.js";

const folder = mkdtempSync(join(tmpdir(), "leasetap-damaged-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The report on a recording of which these frames, and their record headers, are nothing but zeros. */
async function report(recording: string, from: number, to: number): Promise<string> {
  return changed(recording, from, to, (bytes, at, next) => bytes.fill(0, at, next));
}

/** The same, of which these records are changed. */
async function changed(
  recording: string,
  from: number,
  to: number,
  change: (bytes: Buffer, at: number, next: number) => void,
): Promise<string> {
  const bytes = readFileSync(join(import.meta.dirname, "../../pcaps", recording));
  let at = 24;
  for (let frame = 1; frame <= to; frame += 1) {
    const next = at + 16 + bytes.readUInt32LE(at + 8);
    if (frame >= from) change(bytes, at, next);
    at = next;
  }
  const path = join(folder, "hole.pcap");
  writeFileSync(path, bytes);
  return [...renderReport(await examine(path), EVERYTHING, { columns: 4000, color: false, unicode: false })].join("\n");
}

describe("the report on a capture whose end the disk lost", () => {
  // In each of them byte 512 lies within the first reply, frame 2.
  it.each(["q01b-virtio-dhcpd", "s01-healthy", "s03-silent-server"])("%s: blames no reply for it", async (name) => {
    const text = await changed(`${name}/bridge.pcap`, 1, 1, (bytes) => bytes.fill(0, 512));
    expect(text).toMatch(/^ {2}Damaged/m);
    expect(text).not.toContain("wrong");
  });
});

// In bridge.pcap of s02-offload-ack the client loses its address at 11:03:50, and has one again at 11:04:17 (frame 72). Its
// 8th REQUEST is frame 43, and the ACK to that 44. Frame 46 is of 11:03:22, 77 of 11:04:23.
describe("the report on a capture with a hole", () => {
  it("does not take what hides in it for the silence of a client that was content", async () => {
    const text = await report("s02-offload-ack/bridge.pcap", 47, 76);
    expect(text).not.toContain("Kept its address");
    expect(text).toContain(
      "Tried to renew its address from 11:02:04 to 11:03:18, with 8 requests; nobody saw how it went on",
    );
    expect(text).toMatch(
      /What came on .* from 11:03:22 to 11:04:23 \(1 min 1 s\) is not known, as the capture is damaged there/,
    );
  });

  it("still tells of the lost address where what follows proves it", async () => {
    const text = await report("s02-offload-ack/bridge.pcap", 21, 60);
    expect(text).toContain(
      "Lost its address at 11:03:50, when the lease ran out, and had none for 27 s, until 11:04:17.",
    );
  });

  // In that of s03-silent-server the server answers a backlog in one burst, which is in the hole.
  it("says of a silence that nobody watched for a part of it", async () => {
    const text = await report("s03-silent-server/bridge.pcap", 37, 50);
    expect(text).toMatch(/Nothing was seen from 11:0\d:\d\d to 11:0\d:\d\d: what happened meanwhile is not known\./);
  });
});

describe("the report on a capture in which a frame has lost its time", () => {
  // Frame 20 of tap.pcap of s01-healthy is the ACK to the REQUEST in frame 17.
  it("does not say of the request that it answers that it has no answer", async () => {
    const text = await changed("s01-healthy/tap.pcap", 20, 20, (bytes, at) => bytes.fill(0, at, at + 8));
    expect(text).not.toContain("no answer");
    expect(text).not.toContain("no-reply");
    expect(text).toContain("1 DHCP frame carries no time that can be used");
  });
});
