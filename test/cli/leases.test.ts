import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { leasetap, recordsOf } from "../support/program.js";
import { describeWithShared } from "../support/shared.js";

describeWithShared("leasetap analyze --leases", (shared) => {
  const scenario = (name: string, file: string): string => join(shared, "scenarios", name, file);

  /** As the scenario's README has it, from the file of the guest. */
  const timers = {
    t1: "2026-11-22T11:02:06.000000Z",
    t2: "2026-11-22T11:02:20.000000Z",
    expires: "2026-11-22T11:02:25.000000Z",
  };

  it.each(["s09-capture-late-silent", "s09b-capture-late-offload"])(
    "%s: timers from before the capture",
    async (name) => {
      const args = [
        "analyze",
        scenario(name, "bridge.pcap"),
        "--json",
        "--leases",
        scenario(name, "dhclient.leases.at-capture-start"),
      ];
      const { stdout, stderr } = await leasetap(args);
      expect(stderr).toBe("");
      const [lease] = recordsOf(stdout).filter(({ type }) => type === "lease");
      expect(lease).toMatchObject({ timers: "file", state: "EXPIRED", leaseTime: 36, ...timers });
    },
  );

  it("the server's file alone gives the end of the lease, and not that of a grant which was ignored", async () => {
    const name = "s09b-capture-late-offload";
    const args = ["analyze", scenario(name, "bridge.pcap"), "--json", "--leases", scenario(name, "dhcpd.leases")];
    const [lease] = recordsOf((await leasetap(args)).stdout).filter(({ type }) => type === "lease");
    expect(lease).toMatchObject({ timers: "file", expires: timers.expires });
  });

  it("seeds the timers of a live watch", async () => {
    const name = "s09-capture-late-silent";
    const args = ["live", "-", "--json", "--leases", scenario(name, "dhclient.leases.at-capture-start")];
    const input = readFileSync(scenario(name, "bridge.pcap"));
    const told = recordsOf((await leasetap(args, { input })).stdout);
    const forecasts = told.filter(({ type }) => type === "forecast");
    expect(forecasts.length).toBeGreaterThan(0);
    for (const forecast of forecasts) expect(forecast).toMatchObject({ expires: timers.expires });
    const without = recordsOf((await leasetap(["live", "-", "--json"], { input })).stdout);
    expect(without.filter(({ type }) => type === "forecast")).toEqual([]);
  });

  it("what is no lease file is named, with exit code 3", async () => {
    const name = "s09-capture-late-silent";
    const args = ["analyze", scenario(name, "bridge.pcap"), "--leases", scenario(name, "README.txt")];
    const { code, stdout, stderr } = await leasetap(args);
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toContain("is no lease file of dhclient");
  });
});
