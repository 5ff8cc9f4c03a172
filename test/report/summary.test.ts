import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { EVERYTHING } from "../../src/report/filter.js";
import { renderReport } from "../../src/report/text.js";
import { examine } from "../findings/support.js";

const folder = mkdtempSync(join(tmpdir(), "leasetap-summary-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What the report says first of these frames of a recording, as if nobody had captured the others. */
async function summary(recording: string, from: number, to: number): Promise<string> {
  const whole = readFileSync(join(import.meta.dirname, "../../pcaps", recording));
  const records: Buffer[] = [];
  for (let at = 24; at < whole.length;) {
    const next = at + 16 + whole.readUInt32LE(at + 8);
    records.push(whole.subarray(at, next));
    at = next;
  }
  const path = join(folder, "part.pcap");
  writeFileSync(path, Buffer.concat([whole.subarray(0, 24), ...records.slice(from - 1, to)]));
  const text = [...renderReport(await examine(path), EVERYTHING, { columns: 4000, color: false, unicode: false })];
  return (text[0] ?? "").replace(`${folder}/`, "");
}

// Of tap.pcap of s02-offload-ack, DISCOVER to ACK are frames 1 to 4, the renewals fail from frame 9 on. Of that of
// s01-healthy: DISCOVER to ACK are frames 1 to 4, the renewals, whose ACKs are the first with partial checksums, 11 and
// 12, 17 and 20.
describe("the first sentence of a report", () => {
  it("calls nobody well who was still asking when the capture ended, though it is too early for more than a note", async () => {
    expect(await summary("s02-offload-ack/tap.pcap", 1, 16)).toBe("part.pcap: 1 client, which still tries to renew.");
  });

  it("does not take one ACK at the end of a capture for proof that all is well", async () => {
    expect(await summary("s01-healthy/tap.pcap", 11, 12)).toBe(
      "part.pcap: 1 client, 52:54:00:12:64:64 with 10.8.12.100, seems well: 1 renewal, none lost. Nothing in view shows whether it took its last ACK.",
    );
  });

  it("has its doubt of the first ACK with a partial checksum, for it may be ignored", async () => {
    expect(await summary("s01-healthy/tap.pcap", 1, 12)).toBe(
      "part.pcap: 1 client, 52:54:00:12:64:64 with 10.8.12.100, seems well: 1 new lease and 1 renewal, none lost. Nothing in view shows whether it took its last ACK.",
    );
  });

  it("has none of an ACK that is like what the client is known to take", async () => {
    expect(await summary("s01-healthy/tap.pcap", 1, 20)).toBe(
      "part.pcap: 1 client, 52:54:00:12:64:64 with 10.8.12.100, is well: 1 new lease and 2 renewals, none lost.",
    );
  });
});
