import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { leasetap, pcaps } from "../support/program.js";

describe("leasetap verify pcaps/", () => {
  const names = readdirSync(pcaps);

  it("has the capture that the README analyzes first", () => {
    expect(existsSync(join(pcaps, "s02-offload-ack/bridge.pcap"))).toBe(true);
  });

  it.each(names)("%s has a story", (name) => {
    expect(existsSync(join(pcaps, name, "README.md"))).toBe(true);
  });

  it.each(names)("%s", async (name) => {
    const { code, stdout, stderr } = await leasetap(["verify", join(pcaps, name)]);
    expect(`${stdout}${stderr}`).toBe(`ok       ${join(pcaps, name)}\n1 passed, 0 failed\n`);
    expect(code).toBe(0);
  });
});
