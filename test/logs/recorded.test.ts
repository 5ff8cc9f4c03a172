import { join } from "node:path";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describeWithShared } from "../support/shared.js";
import { inspectText, recordedText, shortly } from "./support.js";

describe("logs of real clients and servers", () => {
  it.each([
    ["dhcpcd-healthy.log", []],
    ["dhcpcd-partial.log", ["error checksum-rejected -"]],
    ["networkd-partial.log", ["error checksum-rejected -"]],
    // udhcpc says so only with -v
    ["udhcpc-partial.log", ["error unanswered -"]],
    ["udhcpc-refused.log", ["error nak -"]],
    ["networkmanager-stopped-server.log", ["error unanswered -"]],
    ["kea-healthy.log", []],
    ["udhcpd-healthy.log", []],
  ])("%s", (name, findings) => {
    expect(shortly(inspectText(recordedText(name)))).toEqual(findings);
  });

  it("dhcpd-lost-its-leases.log: each client that came with a lease from before", () => {
    const inspection = inspectText(recordedText("dhcpd-lost-its-leases.log"));
    const found = shortly(inspection).sort();
    expect(found).toEqual([1, 2, 3, 4, 5].map((guest) => `error no-reply 52:54:00:bb:14:0${guest}`));
    expect(inspection.findings[0]?.proof.join(" ")).toContain("unknown lease");
  });

  it("dnsmasq-stopped.log: late, and nobody ignored its answers", () => {
    const codes = inspectText(recordedText("dnsmasq-stopped.log")).findings.map(({ code }) => code);
    expect(codes.length).toBeGreaterThan(0);
    expect(new Set(codes)).toEqual(new Set(["late-reply"]));
  });
});

describeWithShared("the log of each scenario's client alone does not contradict what is known", (shared) => {
  const verdict = (...path: string[]): string[] =>
    inspectText(readFileSync(join(shared, ...path), "utf8")).findings.map(({ code }) => code);

  it.each([
    ["s01-healthy", []],
    ["s02-offload-ack", ["checksum-rejected"]],
    ["s03-silent-server", ["unanswered"]],
    ["s05-nak", ["nak"]],
    ["s06-garbage", ["checksum-rejected"]],
    ["s08-zero-checksum", []],
    ["s09-capture-late-silent", ["unanswered"]],
    ["s09b-capture-late-offload", ["checksum-rejected"]],
    ["s10-many-clients", ["checksum-rejected"]],
    ["s11-two-points", ["unanswered"]],
    ["s12-relay", ["unicast-blocked"]],
  ])("%s", (scenario, codes) => {
    expect(verdict("scenarios", scenario, "client.log")).toEqual(codes);
  });

  it.each([
    ["s01-healthy", []],
    ["s02-offload-ack", []],
    ["s03-silent-server", ["late-reply"]],
    ["s05-nak", []],
    ["s06-garbage", ["reply-ignored"]],
    ["s08-zero-checksum", []],
    ["s09-capture-late-silent", ["late-reply"]],
    ["s09b-capture-late-offload", ["reply-ignored"]],
    ["s10-many-clients", ["reply-ignored"]],
    ["s11-two-points", ["reply-ignored"]],
  ])("nor does that of %s's server", (scenario, codes) => {
    expect(verdict("scenarios", scenario, "server.log")).toEqual(codes);
  });

  const scenarios = readdirSync(join(shared, "scenarios")).filter((name) =>
    existsSync(join(shared, "scenarios", name, "client.log")),
  );

  it.each(scenarios.filter((name) => name !== "s13-dhcpv6"))(
    "%s: an address is lost, or none, as the truth has it",
    (name) => {
      const folder = join(shared, "scenarios", name);
      const truth: unknown = JSON.parse(readFileSync(join(folder, "truth.json"), "utf8"));
      const { findings } = inspectText(readFileSync(join(folder, "client.log"), "utf8"));
      const lost = findings.some(({ severity }) => severity === "error");
      expect(truth).toMatchObject({ lost_address: lost });
    },
  );

  it("the nineteen other clients of s10-many-clients were well, by their logs as well", () => {
    const logs = readdirSync(join(shared, "scenarios", "s10-many-clients")).filter((name) =>
      /^client-c.*\.log$/.test(name),
    );
    expect(logs).toHaveLength(19);
    for (const log of logs) expect([log, verdict("scenarios", "s10-many-clients", log)]).toEqual([log, []]);
  });

  it("DHCPv6 is not judged", () => {
    expect(verdict("scenarios", "s13-dhcpv6", "client.log")).toEqual([]);
  });

  const guests = readdirSync(join(shared, "vm")).filter((name) => /^q\d/.test(name));
  /** Their README: every partial OFFER was dropped until the remedy. */
  const dropped: ReadonlySet<string> = new Set(["q02-virtio-partial-drop", "q02f-virtio-checksum-fill"]);

  it.each(guests)("the guest of %s threw replies away, or did well, and its server saw nothing", (name) => {
    const { findings } = inspectText(readFileSync(join(shared, "vm", name, "guest.log"), "utf8"));
    const alarms = findings.filter(({ severity }) => severity !== "note").map(({ code }) => code);
    expect(alarms).toEqual(dropped.has(name) ? ["checksum-rejected"] : []);
    // Notes are of requests that were sent again, which the frames at its tap show.
    const [, repeated = ""] =
      /C->S REQUEST .*\n.*S->C ACK .*\n(.*C->S REQUEST .*secs=[1-9].*)/.exec(
        readFileSync(join(shared, "vm", name, "tap.txt"), "utf8"),
      ) ?? [];
    if (findings.some(({ severity }) => severity === "note")) expect(repeated).not.toBe("");
    expect(verdict("vm", name, "server.log")).toEqual([]);
  });
});
