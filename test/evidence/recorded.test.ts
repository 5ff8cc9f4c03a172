import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { isJson, leasetap, recordsOf, type Json } from "../support/program.js";
import { describeWithShared } from "../support/shared.js";

describeWithShared("logs and lease files beside packets", (shared) => {
  const folder = mkdtempSync(join(tmpdir(), "leasetap-logs-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const scenario = (name: string, file: string): string => join(shared, "scenarios", name, file);

  async function findings(name: string, ...options: readonly string[]): Promise<Json[]> {
    const { stdout, stderr } = await leasetap(["analyze", scenario(name, "bridge.pcap"), "--json", ...options]);
    expect(stderr).toBe("");
    return recordsOf(stdout).filter(({ type }) => type === "finding");
  }

  /** Logs have whole seconds, or lag a little. */
  const closeTo = (seconds: number): unknown => expect.closeTo(seconds, -1);

  /** The lines of a file that stand as evidence. */
  function linesOf(finding: Json | undefined, input: string): unknown[] {
    const evidence = Array.isArray(finding?.["evidence"]) ? finding["evidence"].filter(isJson) : [];
    return evidence.filter((ref) => ref["input"] === input).map(({ line }) => line);
  }

  /** What dhclient's counter says it threw away, and in which lines. */
  function counted(log: string): { readonly total: number; readonly lines: readonly number[] } {
    const found = log.split("\n").flatMap((text, index) => {
      const times = /dhclient\S*: (\d+) bad udp checksums in \d+ packets/.exec(text)?.[1];
      return times === undefined ? [] : [{ line: index + 1, times: Number(times) }];
    });
    return { total: found.reduce((sum, { times }) => sum + times, 0), lines: found.map(({ line }) => line) };
  }

  it("quote what the client itself counted as thrown away", async () => {
    const log = scenario("s02-offload-ack", "client.log");
    const { total, lines } = counted(readFileSync(log, "utf8"));
    const [finding] = await findings("s02-offload-ack", "--log", log);
    expect(total).toBeGreaterThan(0);
    expect(finding).toMatchObject({ code: "offload-partial", confidence: "certain" });
    expect(finding?.["detail"]).toContain(`counted ${total} packets`);
    expect(linesOf(finding, log)).toEqual(expect.arrayContaining([...lines]));
  });

  it("are found again by a clock that is two hours off, which is said", async () => {
    const log = join(folder, "client.log");
    const original = readFileSync(scenario("s02-offload-ack", "client.log"), "utf8");
    writeFileSync(log, original.replaceAll(/^2026-11-22T11:/gm, "2026-11-22T09:"));
    const [finding] = await findings("s02-offload-ack", "--log", log);
    expect(linesOf(finding, log)).toEqual(expect.arrayContaining([...counted(original).lines]));
    const { stdout } = await leasetap(["analyze", scenario("s02-offload-ack", "bridge.pcap"), "--log", log]);
    expect(stdout.replace(/\s+/g, " ")).toMatch(/client\.log: .*(2 h|behind)/);
  });

  it("without days are of the day of the packets", async () => {
    const original = readFileSync(scenario("s02-offload-ack", "client.log"), "utf8");
    for (const [hour, ahead] of [
      ["11", null],
      ["12", 3600],
      ["10", -3600],
    ] as const) {
      const log = join(folder, `clock-${hour}.log`);
      writeFileSync(log, original.replaceAll(/^2026-11-22T11:(\S+?)(?:\+00:00)?(?= )/gm, `${hour}:$1`));
      const args = ["analyze", scenario("s02-offload-ack", "bridge.pcap"), "--log", log];
      const records = recordsOf((await leasetap([...args, "--json"])).stdout);
      const finding = records.find(({ type }) => type === "finding");
      expect(linesOf(finding, log)).toEqual(expect.arrayContaining([...counted(original).lines]));
      const input = records.find((record) => record["input"] === log);
      expect(input?.["first"]).toMatch(new RegExp(`^2026-11-22T${hour}:`));
      expect(input?.["clock"]).toEqual(
        ahead === null
          ? null
          : expect.objectContaining({ spans: [expect.objectContaining({ ahead: closeTo(ahead) })] }),
      );
      const { stdout } = await leasetap(args);
      const said = /clock-1\d\.log is (\d+ \S+ (?:ahead|behind))/.exec(stdout.replace(/\s+/g, " "))?.[1];
      expect(said).toBe(ahead === null ? undefined : ahead > 0 ? "1 h ahead" : "1 h behind");
    }
  });

  it("of another client change nothing", async () => {
    const log = scenario("s12-relay", "client.log");
    expect(await findings("s02-offload-ack", "--log", log)).toEqual(await findings("s02-offload-ack"));
  });

  it("make no finding where the packets show that all is well", async () => {
    const logs = ["client.log", "server.log"].flatMap((file) => ["--log", scenario("s01-healthy", file)]);
    const told = await findings("s01-healthy", ...logs);
    expect(told.filter(({ severity }) => severity !== "note")).toEqual([]);
  });

  it("of the server settle that unicasts never reached it, which packets leave open", async () => {
    const [alone] = await findings("s12-relay");
    expect(alone).toMatchObject({ code: "unicast-blocked", confidence: "likely" });
    const [settled] = await findings("s12-relay", "--log", scenario("s12-relay", "server.log"));
    expect(settled).toMatchObject({ code: "unicast-blocked", confidence: "certain", alternatives: [] });
  });

  it("show a server's lease file that moves on while its client loses the lease", async () => {
    const file = scenario("s09b-capture-late-offload", "dhcpd.leases");
    const [finding] = await findings("s09b-capture-late-offload", "--leases", file);
    expect(finding).toMatchObject({ code: "offload-partial" });
    const blocks = readFileSync(file, "utf8").split("\n");
    const lines = linesOf(finding, file).map((line) => blocks[Number(line) - 1]);
    expect(lines.length).toBeGreaterThan(0);
    for (const text of lines) expect(text).toMatch(/^lease 10\.8\.12\.100 \{/);
  });
});
