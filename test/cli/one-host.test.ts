import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { leasetap } from "../support/program.js";

/**
 * Recorded on a bridge with the filter "host 10.77.1.100": what the client sends before it has an address is not in it,
 * so that replies to it belong to transactions that began unseen. A rule on the bridge dropped its unicast requests.
 */
const recording = fileURLToPath(new URL("recorded/one-host.pcap", import.meta.url));

it("replies to the only client in a capture are no replies to others", async () => {
  const { stdout } = await leasetap(["analyze", "--utc", "--verbose", recording]);
  expect(stdout).toContain("52:54:00:bb:1e:01");
  expect(stdout.replace(/\s+/g, " ")).not.toMatch(/to other clients|though server \S+ answered others/);
});
