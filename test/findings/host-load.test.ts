import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { HostLoad, type Pressure } from "../../src/findings/host-load.js";
import type { LossFinding } from "../../src/findings/finding.js";
import { describe as sentences } from "../../src/findings/prose.js";
import { toSeconds } from "../../src/capture/instant.js";
import type { Findings } from "../../src/report/json.js";
import { pcaps } from "../support/program.js";
import { examine } from "./support.js";

const still: Pressure = { cpu: 0, io: 0, memory: 0 };

/** A sample each two seconds of a host under such pressure. */
function steady(from: number, to: number, share: Pressure): HostLoad {
  const load = new HostLoad();
  for (let time = from; time <= to; time += 2) {
    load.sample(time, { cpu: share.cpu * time, io: share.io * time, memory: share.memory * time });
  }
  return load;
}

describe("pressure between two times", () => {
  it("is what the kernel's totals grew by", () => {
    const load = new HostLoad();
    load.sample(NaN, still);
    load.sample(100, { cpu: 1, io: 10, memory: 0 });
    load.sample(110, { cpu: 2, io: 15.5, memory: 0 });
    load.sample(120, { cpu: 2, io: 15.5, memory: 0 });
    expect(load.between(100, 110)).toEqual({ cpu: 0.1, io: 0.55, memory: 0 });
    expect(load.between(100, 120)).toEqual({ cpu: 0.05, io: 0.275, memory: 0 });
    expect(load.between(103, 107)).toEqual({ cpu: 0.1, io: 0.55, memory: 0 });
  });

  it("is not known outside the samples, and not across a boot", () => {
    const load = new HostLoad();
    expect(load.between(0, 1)).toBeNull();
    load.sample(100, { cpu: 50, io: 50, memory: 50 });
    expect(load.between(100, 101)).toBeNull();
    load.sample(110, { cpu: 51, io: 51, memory: 51 });
    load.sample(200, still);
    load.sample(202, still);
    expect(load.between(99, 105)).toBeNull();
    expect(load.between(105, 201)).toBeNull();
    expect(load.between(140, 150)).toBeNull();
    expect(load.between(200, 202)).toEqual(still);
  });

  it("forgets the oldest first", () => {
    const load = new HostLoad(100);
    for (let time = 0; time < 1000; time += 1) load.sample(time, { cpu: time / 4, io: 0, memory: 0 });
    expect(load.between(899, 950)).toBeNull();
    expect(load.between(900, 950)).toEqual({ cpu: 0.25, io: 0, memory: 0 });
  });

  it("never is anything but shares, whatever is sampled", () => {
    const number = fc.oneof(fc.double(), fc.integer({ min: 0, max: 50 }));
    const samples = fc.array(fc.tuple(number, number, number, number), { maxLength: 40 });
    fc.assert(
      fc.property(samples, number, number, (taken, from, to) => {
        const load = new HostLoad(16);
        for (const [time, cpu, io, memory] of taken) load.sample(time, { cpu, io, memory });
        const pressure = load.between(from, to);
        for (const share of Object.values(pressure ?? {})) expect(share >= 0 && share <= 1.05).toBe(true);
      }),
    );
  });
});

describe("the words about a server that froze (s03)", () => {
  let found: Findings;
  let finding: LossFinding;
  beforeAll(async () => {
    found = await examine(join(pcaps, "s03-silent-server/bridge.pcap"));
    const loss = found.inspection.findings.find(({ kind }) => kind === "loss");
    if (loss?.kind !== "loss") throw new Error("s03 has a client that lost its lease");
    finding = loss;
  });

  function said(share: Pressure): string {
    const from = Math.floor(toSeconds(finding.from)) - 10;
    const { summary, detail } = sentences(finding, { ...found.inspection, load: steady(from, from + 400, share) });
    return `${summary} ${detail}`;
  }

  it("name what the host was short of", () => {
    const text = said({ cpu: 0.03, io: 0.55, memory: 0 });
    expect(text).toContain("host I/O pressure 55 %");
    expect(text).toContain("CPU 3 %, I/O 55 %, memory 0 %");
    expect(text).not.toContain("look at the load");
  });

  it("say that an idle host is not to blame", () => {
    const text = said({ cpu: 0.01, io: 0.02, memory: 0 });
    expect(text).toContain("the host was idle");
    expect(text).toContain("stuck or stopped");
  });

  it("say nothing of a host that nobody measured", () => {
    const { summary, detail } = sentences(finding, found.inspection);
    expect(`${summary} ${detail}`).not.toMatch(/pressure|idle/);
  });
});
