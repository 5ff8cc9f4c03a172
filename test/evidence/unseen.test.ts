import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { leasetap, recordsOf } from "../support/program.js";
import { script } from "../support/script.js";
import { StatedStream } from "../support/stated-stream.js";

const folder = mkdtempSync(join(tmpdir(), "leasetap-unseen-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Bound at 1 for 60 s, asks for its lease at 40 and 55 in vain, and begins anew at 180. */
const story = script({ lease: 60 }).bound(1).bound(180, { xid: 9 });
const LOG = [
  ["22:13:21", "DHCPDISCOVER on eth0 to 255.255.255.255 port 67 interval 3"],
  ["22:13:21", "DHCPREQUEST for 10.0.0.101 on eth0 to 255.255.255.255 port 67"],
  ["22:13:21", "DHCPACK of 10.0.0.101 from 10.0.0.1"],
  ["22:14:00", "DHCPREQUEST for 10.0.0.101 on eth0 to 255.255.255.255 port 67"],
  ["22:14:15", "DHCPREQUEST for 10.0.0.101 on eth0 to 255.255.255.255 port 67"],
  ["22:16:20", "DHCPDISCOVER on eth0 to 255.255.255.255 port 67 interval 3"],
  ["22:16:20", "DHCPREQUEST for 10.0.0.101 on eth0 to 255.255.255.255 port 67"],
  ["22:16:20", "DHCPACK of 10.0.0.101 from 10.0.0.1"],
].map(([time, said]) => `2023-11-14T${time}+00:00 web1 dhclient[123]: ${said}\n`);

async function codes(name: string, stream: StatedStream): Promise<unknown[]> {
  const [capture, log] = [join(folder, `${name}.pcapng`), join(folder, "dhclient.log")];
  writeFileSync(capture, stream.bytes);
  writeFileSync(log, LOG.join(""));
  const { stdout } = await leasetap(["analyze", capture, "--log", log, "--json"]);
  const found = recordsOf(stdout).filter(({ type, severity }) => type === "finding" && severity !== "note");
  return found.map(({ code }) => code);
}

it("requests of a log that no frame shows were lost on the way where all was watched, and not where nobody did", async () => {
  const { frames } = story;
  const whole = new StatedStream().watch(0).seconds(0, 230, frames);
  expect(await codes("whole", whole)).toEqual(["not-delivered"]);
  const gap = new StatedStream().watch(0).seconds(0, 20, frames).gap(20, "interface gone");
  expect(await codes("gap", gap.watch(100).seconds(100, 230, frames))).toEqual(["no-request"]);
});
