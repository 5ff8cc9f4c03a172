import { execFile, execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { labReason } from "../lab/lab.js";
import { leasetap } from "../support/program.js";
import { describeUnless, skipTest } from "../support/skip.js";

describe("interfaces that cannot be watched", () => {
  it.each([
    [["-i", "nowhere0"], /^leasetap: there is no interface "nowhere0"\. (This host has|Did you mean) .*\blo\b/],
    [["-", "-i", "lo"], /^leasetap: - and --interface exclude each other: give one of them\.\n/],
    [["--follow-ports"], /^leasetap: --follow-ports needs a bridge: leasetap live -i br0 --follow-ports\.\n/],
    [["-i", "lo", "--follow-ports"], /^leasetap: lo is no bridge, so that there are no ports to follow\./],
    [["lo"], /^leasetap: to watch the interface lo: leasetap live -i lo\n/],
  ])("are wrong use: %j", async (words, said) => {
    const { code, stdout, stderr } = await leasetap(["live", ...words]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(said);
  });
});

describeUnless(labReason(), "what capturing needs", () => {
  const packages = dirname(packageOf("cap"));
  /** A copy that every user may run, with all packages beside it but cap. */
  let copy: string;
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), "leasetap-copy-"));
    const built = dirname(dirname(inject("program")));
    cpSync(built, join(copy, "dist"), { recursive: true });
    cpSync(join(built, "../package.json"), join(copy, "package.json"));
    mkdirSync(join(copy, "node_modules"));
    for (const name of readdirSync(packages).filter((one) => one !== "cap")) {
      symlinkSync(join(packages, name), join(copy, "node_modules", name));
    }
    chmodSync(copy, 0o755);
  });
  afterAll(() => {
    rmSync(copy, { recursive: true });
  });

  it("is the package cap, or a program that captures", async () => {
    const { code, said } = await run(process.execPath, join(copy, "dist/cli/main.js"), "live", "-i", "lo");
    expect(code).toBe(3);
    expect(said).toMatch(/^leasetap: Capturing needs the package cap, which is not installed beside leasetap: .*npm install cap@0\.2\.1/); // prettier-ignore
    expect(said.trim()).toMatch(/A capture that another program makes needs neither: tcpdump -i IFACE -U -w - \| leasetap live -$/); // prettier-ignore
  });

  it("is libpcap, too", async () => {
    const hidden = `mount --bind /dev/null "$1" && exec "$2" "$3" live -i lo`;
    const { code, said } = await run("unshare", "-m", "sh", "-c", hidden, "sh", libpcap(), process.execPath, inject("program")); // prettier-ignore
    expect(code).toBe(3);
    expect(said).toMatch(/^leasetap: Capturing needs libpcap, which cannot be loaded \(.*\): install it \(Debian, Ubuntu: apt install libpcap0\.8;/); // prettier-ignore
    expect(said.trim().split("\n")).toHaveLength(1);
  });

  it("is a user who may", async () => {
    const nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
    const readable = await run("setpriv", ...nobody, "test", "-r", join(packages, "commander/package.json"));
    if (readable.code !== 0) skipTest(`needs ${packages} to be readable for every user`);
    symlinkSync(packageOf("cap"), join(copy, "node_modules/cap"));
    const { code, said } = await run("setpriv", ...nobody, process.execPath, join(copy, "dist/cli/main.js"), "live", "-i", "lo"); // prettier-ignore
    expect(code).toBe(3);
    expect(said).toBe(
      "leasetap: This user may not capture on lo: run leasetap as root, or with the capability CAP_NET_RAW.\n",
    );
  });
});

function run(command: string, ...words: readonly string[]): Promise<{ readonly code: unknown; readonly said: string }> {
  return new Promise((settle) => {
    execFile(command, words, { cwd: tmpdir() }, (error, _stdout, stderr) => {
      settle({ code: error === null ? 0 : error.code, said: stderr });
    });
  });
}

function packageOf(name: string): string {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

/** Where the one is that cap is linked to. */
function libpcap(): string {
  const linked = execFileSync("ldd", [join(packageOf("cap"), "build/Release/cap.node")], { encoding: "utf8" });
  return realpathSync(/libpcap\S* => (\S+)/.exec(linked)?.[1] ?? "");
}
