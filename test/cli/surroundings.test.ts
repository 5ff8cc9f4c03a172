import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pcaps } from "../support/program.js";
import { shell } from "../support/shell.js";
import { requireTool } from "../support/tools.js";

const lost = join(pcaps, "s02-offload-ack/bridge.pcap");
const report = /^82 frames, 36 DHCP/;
const full = "leasetap: The output cannot be written, its disk is full.\n3\n";

describe("a user who may not read", () => {
  const folder = mkdtempSync(join(tmpdir(), "leasetap-forbidden-"));
  beforeAll(() => {
    mkdirSync(join(folder, "closed"));
    for (const name of ["mine.pcap", "closed/other.pcap"]) copyFileSync(lost, join(folder, name));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Root may read everything, unless it gives up that capability (capabilities(7)). */
  const as = (): string => {
    if (process.getuid?.() !== 0) return "";
    return `"${requireTool("setpriv")}" --bounding-set=-dac_override,-dac_read_search `;
  };

  it.each([
    ["a file", "mine.pcap", "mine.pcap"],
    ["a folder", "closed", "closed"],
    ["a file in a closed folder", "closed/other.pcap", "closed"],
  ])("%s is told so, and what to do", async (_name, path, shut) => {
    const command = `cd "$1" && chmod 000 "${shut}" && ${as()}"$NODE" "$PROGRAM" analyze "${path}" 2>&1; echo $?; chmod 700 "${shut}"`;
    expect(await shell(command, folder)).toBe(
      `leasetap: "${path}" may not be read by this user: change its permissions, or run as a user who may read it.\n3\n`,
    );
  });

  it("one file of two gets a report of the other", async () => {
    const command = `cd "$1" && chmod 000 mine.pcap && ${as()}"$NODE" "$PROGRAM" analyze --json mine.pcap "$2" 2>/dev/null | grep -c '"outcome":"expired"'; echo "\${PIPESTATUS[0]}"`;
    expect(await shell(command, folder, lost)).toBe("1\n3\n");
  });
});

describe("a full disk", () => {
  it.each([
    ["the report", 'analyze "$1"'],
    ["help", "--help"],
    ["the version", "--version"],
    ["help of a command", "help verify"],
    ["the manual page", "man"],
    ["a completion", "completion bash"],
    ["the verdict on scenarios", 'verify "$(dirname "$1")"'],
  ])("under %s is told, with 3", async (_name, args) => {
    expect(await shell(`leasetap ${args} 2>&1 >/dev/full; echo $?`, lost)).toBe(full);
  });

  it("under standard error leaves the exit code, and the report", async () => {
    expect(await shell("leasetap analyze missing.pcap 2>/dev/full; echo $?")).toBe("3\n");
    expect(
      await shell('leasetap analyze missing.pcap "$1" 2>/dev/full | grep -c "✗"; echo "${PIPESTATUS[0]}"', lost),
    ).toMatch(/^\d\n3\n$/);
  });
});

describe("a reader that goes away", () => {
  it.each(["--help", "man", "completion zsh", "help analyze"])("from %s is no error", async (args) => {
    expect(await shell(`( leasetap ${args} | true; echo "\${PIPESTATUS[0]}" ) 2>&1; sleep 0.2`)).toBe("0\n");
  });
});

describe("closed descriptors", () => {
  it.each([
    [
      "standard input",
      'leasetap analyze "$1" <&- | grep -o "82 frames, 36 DHCP"; echo "${PIPESTATUS[0]}"',
      /^82 frames, 36 DHCP\n1\n$/,
    ],
    [
      "standard input, which is to be read",
      "leasetap analyze - <&- 2>&1; echo $?",
      /^leasetap: Standard input .* It is empty\.\n3\n$/,
    ],
    ["standard output", 'leasetap analyze "$1" 2>&1 >&-; echo $?', /^1\n$/],
    ["standard error", "leasetap analyze missing.pcap 2>&-; echo $?", /^3\n$/],
    ["all of them", '( leasetap analyze "$1" <&- >&- 2>&- ); echo $?', /^1\n$/],
  ])("%s", async (_name, command, printed) => {
    expect(await shell(command, lost)).toMatch(printed);
  });
});

describe("strange surroundings", () => {
  const count = 'grep -o "82 frames, 36 DHCP" | head -1';

  it.each([
    ["no environment at all", `env -i "$NODE" "$PROGRAM" analyze "$1" | ${count}`],
    ["a terminal that can nothing", `TERM=dumb LC_ALL=C leasetap analyze "$1" | ${count}`],
    ["a locale that there is not", `LC_ALL=xx_YY.none LANG= leasetap analyze "$1" | ${count}`],
    ["a folder that was removed", `d=$(mktemp -d) && cd "$d" && rmdir "$d" && leasetap analyze "$1" | ${count}`],
    ["no home", `HOME=/nonexistent leasetap analyze "$1" | ${count}`],
    ["little address space", `( ulimit -v 4000000; leasetap analyze "$1" ) | ${count}`],
  ])("%s", async (_name, command) => {
    expect(await shell(command, lost)).toMatch(report);
  });

  it("plain ASCII comes from LC_ALL=C, in every output", async () => {
    const outputs = ['analyze "$1"', "--help", "man", "completion fish", "analyze nothing.pcap", "analyse"];
    for (const args of outputs) expect(await shell(`LC_ALL=C leasetap ${args} 2>&1; true`, lost)).toMatch(/^[\n -~]+$/);
  });

  it.each([
    ["/dev/null", "It is empty."],
    ["/dev/zero", "It begins with the bytes 00 00"],
    ["/dev/urandom", "This is no pcap, pcapng or snoop capture."],
  ])("%s is no capture", async (path, sentence) => {
    expect(await shell(`leasetap analyze ${path} 2>&1; echo $?`)).toMatch(new RegExp(`${sentence}.*\\n3\\n$`));
  });

  it("a socket is no capture", async () => {
    const folder = mkdtempSync(join(tmpdir(), "leasetap-socket-"));
    const server = createServer().listen(join(folder, "socket"));
    await new Promise((settle) => server.once("listening", settle));
    expect(await shell('leasetap analyze "$1" 2>&1; echo $?', join(folder, "socket"))).toMatch(
      /^leasetap: ".*socket" .*\n3\n$/,
    );
    await new Promise((settle) => server.close(settle));
    rmSync(folder, { recursive: true });
  });

  it("a terminal for standard input is told what to pipe into it", async () => {
    const script = requireTool("script");
    const command = `"${script}" -qec '"$NODE" "$PROGRAM" analyze -' /dev/null </dev/null | tr -d '\\r'; echo "\${PIPESTATUS[0]}"`;
    expect(await shell(command)).toMatch(
      /Standard input is a terminal: pipe a capture into it \(tcpdump -w -\)\.\n3\n$/,
    );
  });
});
