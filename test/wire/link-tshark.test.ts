import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import { udpChecksum } from "../../src/checksum/udp.js";
import { formatIpv4, formatMac } from "../../src/wire/addresses.js";
import { decodeFrame } from "../../src/wire/decode.js";
import { linkLayer } from "../../src/wire/link.js";
import { withFile } from "../capture/support/wireshark.js";
import { describeWithTools, requireTool } from "../support/tools.js";
import { cutUp, fragmentOf, show, udpWithSum } from "./fragment-frames.js";
import { Fragments } from "../../src/wire/fragments.js";
import { LINKS, wrap } from "./links.js";
import { bootp, END, ethernet, ipv4, option, zeros } from "./packets.js";

const STYLE = { littleEndian: true, nanoseconds: false };

/** tshark's columns for every frame of a capture. */
async function tshark(linkType: number, frames: readonly Uint8Array[], fields: readonly string[]): Promise<string[][]> {
  const capture = Buffer.concat([
    pcapHeader(STYLE, linkType),
    ...frames.map((frame, index) => pcapRecord(STYLE, 1_700_000_000 + index, 0, frame)),
  ]);
  return withFile(capture, (path) => {
    const columns = fields.flatMap((field) => ["-e", field]);
    const check = ["-o", "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"];
    const run = spawnSync(requireTool("tshark"), ["-n", "-r", path, ...check, "-T", "fields", ...columns], {
      encoding: "utf8",
    });
    if (run.error !== undefined) throw run.error;
    return run.stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split("\t"));
  });
}

function mac(address: number | null | undefined): string {
  return address === null || address === undefined ? "" : formatMac(address);
}

describeWithTools(["tshark"], "tshark reads what the fixtures are built of, and the same of them", () => {
  it.each(LINKS)("$name ($linkType)", async (link) => {
    const layer = linkLayer(link.linkType);
    if (layer === null) throw new Error("not read");
    const plain = ethernet(ipv4(udpWithSum(bootp())));
    const tagged = ethernet(ipv4(udpWithSum(bootp())), 0x0800, [[0x8100, 0x0028]]);
    const frames = [plain, ...(link.tagged ? [tagged] : [])].map((frame) => wrap(link, frame));
    const [src, dst] =
      link.linkType === 113 || link.linkType === 276 ? ["sll.src.eth", "sll.dst"] : ["wlan.sa", "wlan.da"];
    const fields = [
      "ip.src",
      "ip.dst",
      "dhcp.id",
      "dhcp.option.dhcp",
      "udp.checksum.status",
      "vlan.id",
      src,
      dst,
    ].filter((field) => field !== "sll.dst");
    const theirs = await tshark(link.linkType, frames, fields);
    const ours = frames.map((bytes) => {
      const frame = decodeFrame(layer, bytes, bytes.length);
      const told = [
        formatIpv4(frame.ip?.src ?? 0),
        formatIpv4(frame.ip?.dst ?? 0),
        `0x${frame.dhcp?.xid.toString(16) ?? ""}`,
        String(frame.dhcp?.type),
        udpChecksum(frame)?.verdict === "good" ? "1" : "0",
        frame.link?.vlan.join() ?? "",
        mac(frame.link?.src),
        mac(frame.link?.dst),
      ];
      return told.slice(0, fields.length);
    });
    expect(ours).toEqual(theirs.map((row) => fields.map((_, index) => row[index] ?? "")));
  });

  it("an 802.3 frame within 802.11 and IPv6 on raw links are no DHCP to either", async () => {
    const [raw] = LINKS;
    if (raw === undefined) throw new Error("no link");
    const frames = [wrap(raw, ethernet(zeros(60), 0x0806))];
    expect(await tshark(raw.linkType, frames, ["ipv6.version"])).toEqual([["6"]]);
  });

  it("a datagram that was put together is the one that tshark puts together", async () => {
    const payload = udpWithSum(
      bootp({}, [...option(53, [5]), ...option(56, zeros(250)), ...option(12, zeros(90)), END]),
    );
    const pieces = cutUp(payload, [200, 400]);
    const fragments = new Fragments<number>();
    const whole = pieces.map((piece) => show(fragments, piece)).at(-1) ?? null;
    if (whole === null) throw new Error("not completed");
    const fields = ["ip.len", "udp.length", "udp.checksum", "udp.checksum.status", "dhcp.id", "ip.checksum.status"];
    const theirs = await tshark(1, [...pieces.map((piece) => fragmentOf(piece)), whole.bytes], fields);
    const [, , last = [], made = []] = theirs;
    expect(last.slice(1, 5)).toEqual(made.slice(1, 5));
    expect(made).toEqual([String(20 + payload.length), String(payload.length), last[2], "1", "0xfd850e68", "1"]);
  });
});
