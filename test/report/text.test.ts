import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Finding, LossFinding } from "../../src/findings/finding.js";
import { HostLoad } from "../../src/findings/host-load.js";
import { EVERYTHING } from "../../src/report/filter.js";
import type { Findings } from "../../src/report/json.js";
import { renderReport, type TextStyle } from "../../src/report/text.js";
import { bindingNamed, capturesIn, everyFinding, examine } from "../findings/support.js";
import { describeWithShared } from "../support/shared.js";

const PLAIN: TextStyle = { columns: 80, color: false, unicode: false };

function lines(found: Findings, style: Partial<TextStyle> = {}): string[] {
  return [...renderReport(found, EVERYTHING, { ...PLAIN, ...style })];
}

/** Without line ends, so that a sentence can be looked for. */
function flat(found: Findings): string {
  return lines(found).join(" ").replace(/\s+/g, " ");
}

function withFindings(findings: readonly Finding[]): Findings {
  const none = { good: 0, absent: 0, partial: 0, bad: 0, unverified: 0 };
  return {
    complete: true,
    passedOver: 0,
    inputs: [],
    inspection: {
      inputs: [],
      frames: [],
      leases: [],
      diagnoses: findings.flatMap((finding) => (finding.kind === "loss" ? finding.diagnoses : [])),
      healthy: { renewals: 0, acquisitions: 0 },
      servers: [],
      findings,
      clients: findings.length,
      checksums: { udp: none, ip: none },
      load: new HostLoad(),
    },
  };
}

describe("the report", () => {
  it("says how to look again where no DHCP was seen", () => {
    expect(flat(withFindings([]))).toContain("no DHCP (IPv4) was seen.");
  });

  it("says that it is a part only when it was interrupted", () => {
    expect(flat({ ...withFindings([]), complete: false })).toContain("Interrupted");
  });

  it("names an input safely, with what is wrong with it", () => {
    const found: Findings = {
      ...withFindings([]),
      inputs: [
        {
          facts: {
            name: "a\u001b]0;x\u0007.pcap",
            interfaces: [],
            frames: 3,
            dhcp: 2,
            untimed: 2,
            first: null,
            last: null,
            observedUntil: null,
            own: null,
            skippedLinks: new Map([[119, 3]]),
          },
          format: "pcap",
          compression: null,
          damage: { code: "cut-record", offset: 99, sentence: "The last record is cut." },
        },
      ],
    };
    const text = flat(found);
    expect(text).toContain("a\\x1b]0;x\\x07.pcap: no DHCP (IPv4) was seen in what could be read.");
    expect(text).toContain("3 frames, 2 DHCP");
    expect(text).toContain(
      "2 DHCP frames carry no time that can be used: no lease is followed by them, and no silence around them counts.",
    );
    expect(text).toContain("The last record is cut (byte 99).");
    expect(text).toContain("3 frames are of link type IEEE802_11_PRISM (119), which is not read.");
  });
});

describeWithShared("the report on recorded incidents", (shared) => {
  const story = (...path: string[]): Promise<Findings> => examine(join(shared, "scenarios", ...path));

  it("needs two to four lines for a healthy client", async () => {
    const report = lines(await story("s01-healthy", "tap.pcap"));
    expect(report.length).toBeGreaterThanOrEqual(2);
    expect(report.length).toBeLessThanOrEqual(5);
    expect(report.join(" ").replace(/\s+/g, " ")).toContain(
      "tap.pcap: 1 client, 52:54:00:12:64:64 with 10.8.12.100, is well: 1 new lease and 3 renewals, none lost.",
    );
  });

  it("says who lost what, when and why before anything else", async () => {
    const text = flat(await story("s02-offload-ack", "bridge.pcap"));
    expect(text).toContain("x ERROR 52:54:00:12:65:64 10.8.12.150 lease 2 min from 10.8.12.1");
    expect(text).toContain(
      "Lost its address at 11:03:50, when the lease ran out, and had none for 27 s, until 11:04:17.",
    );
    expect(text).toContain("answered all 11 REQUESTs");
    expect(text).toContain("offload-partial, certain.");
    expect(text.indexOf("Lost its address")).toBeLessThan(text.indexOf("Why"));
    expect(text.indexOf("Why")).toBeLessThan(text.indexOf("Fix"));
    expect(text.match(/UTC/g)).toHaveLength(1);
  });

  it("says on the first screen of a terminal what to type", async () => {
    for (const path of ["s02-offload-ack", "s03-silent-server", "s05-nak", "s09-capture-late-silent", "s12-relay"]) {
      const screen = lines(await story(path, "bridge.pcap")).slice(0, 24);
      const fix = screen.findIndex((line) => /^ {2}(Fix|Look) {2,3}/.test(line));
      expect(fix, path).toBeGreaterThan(0);
      expect(screen.slice(fix).join("\n"), path).toMatch(/^ {10}[a-z]/m);
    }
  });

  it("tells the one troubled client from nineteen healthy ones", async () => {
    const text = flat(await story("s10-many-clients", "bridge.pcap"));
    expect(text).toContain("20 clients, 19 well and 1 lost its address.");
    expect(text).toContain("52:54:00:12:70:64");
  });

  it("calls nobody well whose replies it did not see", async () => {
    expect(flat(await story("s10-many-clients", "tap.pcap"))).toContain("19 show too little to tell");
  });

  it("draws the lost renewal against its timers", async () => {
    const report = lines(await story("s02-offload-ack", "bridge.pcap"));
    const [lease = "", times = "", asked = "", answer = ""] = report.slice(
      report.findIndex((line) => line.startsWith("  lease")),
    );
    expect(lease).toMatch(/^ {2}lease {3}\|=+T1=+T2=+X\.+\|$/);
    // Granted, T2, expiry, address again; there is no room for T1 between the first two.
    expect(times.trim().split(/ +/)).toEqual(["11:01:50", "11:02:14", "11:03:50", "11:04:17"]);
    expect(report.join(" ")).toContain("T1 11:02:04");
    // truth.json: one unicast, ten broadcasts and two DISCOVERs were answered with partial sums and ignored.
    expect(asked).toMatch(/^ {2}asked {3} +r(?: +b){10} *d +d +d$/);
    expect(answer).toMatch(/^ {2}answer {2} +p(?: +p){10} *p +p +G$/);
  });

  it.each([40, 80, 132])("keeps to %i columns", async (columns) => {
    for (const path of capturesIn(join(shared, "scenarios")).filter((file) => file.endsWith("bridge.pcap"))) {
      for (const line of lines(await examine(path), { columns })) {
        const quoted = /'[^']*'/.test(line) && columns === 40;
        if (!quoted) expect(line.length, line).toBeLessThanOrEqual(columns);
      }
    }
  });

  it("is plain ASCII where the terminal is, and colour adds nothing but colour", async () => {
    for (const path of ["s02-offload-ack", "s12-relay", "s01-healthy"]) {
      const found = await story(path, "bridge.pcap");
      const plain = lines(found);
      expect(plain.join("")).toMatch(/^[\x20-\x7e]*$/);
      // eslint-disable-next-line no-control-regex
      const bare = lines(found, { color: true }).map((line) => line.replace(/\u001b\[[\d;]*m/g, ""));
      expect(bare).toEqual(plain);
    }
  });

  it("tells of many with one cause once, with numbers and some of its members", async () => {
    const found = await story("s02-offload-ack", "bridge.pcap");
    const report = lines(withFindings(copies(loss(found), 137)));
    const text = report.join(" ").replace(/\s+/g, " ");
    expect(text).toContain("0 captures: 137 clients, 0 well and 137 lost their address.");
    expect(text).toContain("136 more clients with the same cause (offload-partial); all 137 lost their address,");
    expect(text).toContain("1781 messages lost in all");
    expect(text).toContain("and 128 more: --json lists all");
    expect(text.match(/-A POSTROUTING/g)).toHaveLength(1);
    expect(report.length).toBeLessThan(70);
  });

  it("says a remedy once, where a second cause has the same", async () => {
    const found = await story("s02-offload-ack", "bridge.pcap");
    const [first] = copies(loss(found), 1);
    if (first === undefined) throw new Error("no copy");
    const text = lines(withFindings([first, { ...first, severity: "warning" }])).join(" ");
    expect(text.match(/-A POSTROUTING/g)).toHaveLength(1);
    expect(text).toContain("As above.");
  });

  it.each([true, false])("shows a hostile name without obeying it (unicode: %s)", async (unicode) => {
    const name = "\u001b[2J\u202eevil\u2028\u0007" + "x".repeat(300);
    const finding = { ...loss(await story("s02-offload-ack", "bridge.pcap")), binding: bindingNamed(name) };
    for (const severity of ["error", "note"] as const) {
      const report = lines(withFindings([{ ...finding, severity }]), { unicode }).join("\n");
      expect(report).toContain("\\x1b[2J\\u{202e}evil\\u{2028}\\x07");
      // eslint-disable-next-line no-control-regex
      expect(report).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/);
    }
  });

  it("can tell of every code", () => {
    for (const finding of everyFinding()) {
      const report = lines(withFindings([{ ...finding, severity: "warning" }]));
      expect(report.join("\n")).toContain(finding.code);
      expect(report.join("\n")).not.toMatch(/undefined|null|NaN/);
    }
  });
});

function loss({ inspection }: Findings): LossFinding {
  const [finding] = inspection.findings;
  if (finding?.kind !== "loss") throw new Error("no loss was found");
  return finding;
}

function copies(finding: LossFinding, number: number): LossFinding[] {
  return Array.from({ length: number }, (_, index) => {
    const address = `52:54:00:00:00:${index.toString(16).padStart(2, "0")}`;
    return { ...finding, binding: bindingNamed(null, address) };
  });
}
