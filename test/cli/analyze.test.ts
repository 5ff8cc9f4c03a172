import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isJson, leasetap, pcaps, recordsOf } from "../support/program.js";

const lost = join(pcaps, "s02-offload-ack/bridge.pcap");
const lostTap = join(pcaps, "s02-offload-ack/tap.pcap");
const well = join(pcaps, "s01-healthy/bridge.pcap");
const recovered = join(pcaps, "q02-virtio-partial-drop/tap.pcap");
const many = join(pcaps, "s10-many-clients/bridge.pcap");
const readme = join(pcaps, "s01-healthy/README.md");
const ill = "52:54:00:12:70:64";

describe("exit codes of leasetap analyze", () => {
  it.each([
    ["a lost lease", [lost], 1],
    ["a well guest", [well], 0],
    ["a warning", [recovered], 1],
    ["a warning, when only errors count", [recovered, "--fail-on", "error"], 0],
    ["a lost lease, when nothing counts", [lost, "--fail-on", "never"], 0],
    ["a note, when notes count", [well, "--fail-on", "note"], 1],
    ["a lost lease of somebody else", [many, "--client", "52:54:00:13:70:01"], 0],
    ["a lost lease at another time", [lost, "--since", "11:04:20"], 0],
  ])("%s", async (_name, args, code) => {
    const { code: got, stderr } = await leasetap(["analyze", ...args]);
    expect([got, stderr]).toEqual([code, ""]);
  });
});

describe("leasetap analyze --json", () => {
  it.each([[[lost]], [[well]], [[lost, lostTap]], [[many]]])("prints nothing but valid records: %j", async (files) => {
    const { stdout, stderr } = await leasetap(["analyze", "--json", "--frames", ...files]);
    const records = recordsOf(stdout);
    expect(records.length).toBeGreaterThan(10);
    expect(stderr).toBe("");
  });

  it("keeps the order of docs/json.md", async () => {
    const { stdout } = await leasetap(["analyze", "--json", "--frames", lostTap, lost]);
    const records = recordsOf(stdout);
    const order = ["start", "input", "frame", "lease", "acquisition", "renewal", "server", "finding", "summary"];
    const ranks = records.map(({ type }) => order.indexOf(String(type)));
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(new Set(ranks).size).toBe(order.length);
    const frames = records.filter(({ type }) => type === "frame");
    expect(frames.map(({ input }) => input)).toEqual([
      ...Array<string>(36).fill(lostTap),
      ...Array<string>(36).fill(lost),
    ]);
    const numbers = frames.slice(36).map(({ frame }) => Number(frame));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  it("has no frames unless asked for", async () => {
    const { stdout } = await leasetap(["analyze", "--json", lost]);
    expect(recordsOf(stdout).filter(({ type }) => type === "frame")).toEqual([]);
  });

  it("names what went well as well", async () => {
    const { stdout } = await leasetap(["analyze", "--json", well]);
    const types = recordsOf(stdout).map(({ type }) => type);
    expect(types.filter((type) => type === "renewal")).toHaveLength(3);
    expect(types.filter((type) => type === "acquisition")).toHaveLength(1);
  });

  it("reads a file once that is named twice", async () => {
    const { stdout } = await leasetap([
      "analyze",
      "--json",
      lost,
      join(pcaps, "s02-offload-ack/../s02-offload-ack/bridge.pcap"),
    ]);
    expect(recordsOf(stdout).filter(({ type }) => type === "input")).toHaveLength(1);
  });
});

describe("--client", () => {
  it.each([ill, ill.toUpperCase(), "52-54-00-12-70-64", "5254.0012.7064", "525400127064", "10.8.12.119"])(
    "finds one guest among many: %s",
    async (client) => {
      const { stdout, code } = await leasetap(["analyze", "--json", "--frames", many, "--client", client]);
      const records = recordsOf(stdout);
      const leases = records.filter(({ type }) => type === "lease");
      expect(new Set(leases.map((lease) => lease["client"]))).toEqual(new Set([ill]));
      expect(leases.length).toBeGreaterThan(0);
      const frames = records.filter(({ type }) => type === "frame");
      expect(frames).toHaveLength(16);
      expect(code).toBe(1);
    },
  );

  it("names those that were seen, if it finds none", async () => {
    const { code, stderr } = await leasetap(["analyze", lost, "--client", "db-server"]);
    expect(code).toBe(0);
    expect(stderr).toBe('leasetap: no client "db-server" was seen. Seen were: 52:54:00:12:65:64 (10.8.12.150).\n');
  });
});

describe("--since and --until", () => {
  const frames = async (...args: string[]): Promise<unknown[]> => {
    const { stdout } = await leasetap(["analyze", "--json", "--frames", lost, ...args]);
    return recordsOf(stdout).flatMap((record) => (record["type"] === "frame" ? [record["frame"]] : []));
  };

  // Frame 72 is of 11:04:17.342, frame 73 of 11:04:17.343, the last one of 11:04:30.536.
  it.each([
    [
      ["--since", "2026-11-22T11:04:17Z"],
      [71, 72, 73, 74, 81, 82],
    ],
    [
      ["--since", "2026-11-22 11:04:20"],
      [81, 82],
    ],
    [
      ["--since", "11:04:20"],
      [81, 82],
    ],
    [
      ["--since", "12:04:20+01:00"],
      [81, 82],
    ],
    [
      ["--since", "-15s"],
      [71, 72, 73, 74, 81, 82],
    ],
    [
      ["--since", "-0.1m"],
      [81, 82],
    ],
    [["--until", "11:01"], []],
    [
      ["--until", "11:01:51"],
      [1, 2, 3, 4],
    ],
    [
      ["--until", "2026-11-22T13:01:51.000001+0200"],
      [1, 2, 3, 4],
    ],
    [["--since", "2026-11-23"], []],
    [
      ["--since", "11:04:17.3425", "--until", "11:04:18"],
      [73, 74],
    ],
  ])("%j", async (args, expected) => {
    expect(await frames(...args)).toEqual(expected);
  });

  it("a renewal that lasts into the window is told, and keeps its evidence", async () => {
    const { stdout, code } = await leasetap(["analyze", "--json", lost, "--since", "11:03:45", "--until", "11:03:46"]);
    const renewals = recordsOf(stdout).filter(({ type }) => type === "renewal");
    expect(renewals).toHaveLength(1);
    expect(code).toBe(1);
    expect(renewals[0]?.["attempts"]).toHaveLength(11);
  });
});

describe("the text report", () => {
  it("comes without --json, and without colour in a pipe", async () => {
    const { stdout } = await leasetap(["analyze", lost]);
    expect(stdout).toContain("52:54:00:12:65:64");
    expect(stdout).not.toContain("\u001b");
  });

  it("takes its width from COLUMNS, colour from FORCE_COLOR, and its characters from the locale", async () => {
    const text = async (env: Record<string, string>): Promise<string> =>
      (await leasetap(["analyze", lost], { env })).stdout;
    const [narrow, wide, colored, ascii] = await Promise.all([
      text({ COLUMNS: "60" }),
      text({ COLUMNS: "160" }),
      text({ FORCE_COLOR: "1" }),
      text({ LC_ALL: "C" }),
    ]);
    expect(narrow).not.toBe(wide);
    expect(colored).toContain("\u001b[");
    expect(ascii).toMatch(/^[\n -~]*$/);
  });
});

describe("damaged and missing inputs", () => {
  const cut = join(pcaps, "x03-formats/s02-cut-midframe.pcap");

  it("reports what was read of a damaged file, and says what is missing", async () => {
    const { code, stdout, stderr } = await leasetap(["analyze", "--json", cut]);
    const records = recordsOf(stdout);
    expect(code).toBe(3);
    expect(records.find(({ type }) => type === "summary")?.["complete"]).toBe(false);
    expect(records.filter(({ type }) => type === "renewal")).not.toEqual([]);
    const damage = records.find(({ type }) => type === "input")?.["damage"];
    expect(isJson(damage) && damage["code"]).toBe("cut-record");
    expect(stderr).toMatch(/^leasetap: ".*s02-cut-midframe\.pcap" .*\n$/);
  });

  it("a missing file ends with 3, one sentence and no report", async () => {
    const { code, stdout, stderr } = await leasetap(["analyze", "missing.pcap"]);
    expect([code, stdout, stderr]).toEqual([3, "", 'leasetap: "missing.pcap" does not exist: check the path.\n']);
  });

  it("the other files are reported all the same", async () => {
    const { code, stdout, stderr } = await leasetap(["analyze", "missing.pcap", lost, readme, "--json"]);
    const records = recordsOf(stdout);
    expect(code).toBe(3);
    expect(records.filter(({ type }) => type === "input")).toHaveLength(3);
    expect(records.filter(({ type, severity }) => type === "finding" && severity === "error")).toHaveLength(1);
    expect(stderr.trimEnd().split("\n")).toHaveLength(2);
    expect(stderr).toContain("README.md");
  });

  it("a file that is no capture is named for what it is", async () => {
    const { code, stderr } = await leasetap(["analyze", join(pcaps, "s01-healthy/README.md")]);
    expect(code).toBe(3);
    expect(stderr).toContain("README.md");
    expect(stderr).not.toContain("    at ");
  });
});
