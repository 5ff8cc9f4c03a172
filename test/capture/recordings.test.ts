import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { describeWithShared } from "../support/shared.js";
import { outcome, readBytes, readChunks, split } from "./support/collector.js";
import { expectAgreement, tshark } from "./support/wireshark.js";

const folders = ["scenarios", "vm", join("corpus", "captures")];

describeWithShared("the recordings", (shared) => {
  const recordings = folders.flatMap((folder) =>
    readdirSync(join(shared, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.pcap(ng)?(\.gz)?$/.test(name))
      .map((name) => join(folder, name)),
  );

  it("are there", () => {
    expect(recordings.length).toBeGreaterThan(90);
  });

  it.each(recordings)("%s has the frames, lengths and times that tshark sees, in any chunks", (name) => {
    const path = join(shared, name);
    const bytes = name.endsWith(".gz") ? gunzipSync(readFileSync(path)) : readFileSync(path);
    const reading = readBytes(bytes);
    expectAgreement(reading, tshark(path));

    const everySeventh = Array.from({ length: Math.ceil(bytes.length / 1007) }, (_chunk, index) => index * 1007);
    expect(outcome(readChunks(split(bytes, everySeventh)))).toEqual(outcome(reading));
  });
});
