import { describe, expect, it } from "vitest";
import { decodeEthernet } from "../../src/wire/decode.js";
import type { Frame } from "../../src/wire/frame.js";
import { bootp, CLIENT, CLIENT_MAC, END, ethernet, ipv4, option, reply, SERVER, udp, zeros } from "./packets.js";

function decode(frame: Uint8Array, captured = frame.length): Frame {
  return decodeEthernet(frame.slice(0, captured), frame.length);
}

const IP = 14;
const UDP = IP + 20;
const BOOTP = UDP + 8;
const OPTIONS = BOOTP + 240;

describe("a whole reply", () => {
  const frame = decode(
    ethernet(
      ipv4(
        udp(
          bootp({ secs: 0x0102, flags: 0x8000, ciaddr: CLIENT, yiaddr: CLIENT, siaddr: SERVER, giaddr: 0xfffefdfc }),
          { checksum: 0x2dec },
        ),
        { id: 57007, checksum: 0xbeef },
      ),
    ),
  );

  it("shows every layer", () => {
    expect(frame.stopped).toBeNull();
    expect(frame.link).toEqual({ src: 0x525400126501, dst: 0x525400126564, vlan: [] });
    expect(frame.ip).toEqual({
      offset: IP,
      headerLength: 20,
      totalLength: 20 + 8 + 244,
      id: 57007,
      ttl: 64,
      protocol: 17,
      fragmentOffset: 0,
      moreFragments: false,
      src: SERVER,
      dst: CLIENT,
      storedChecksum: 0xbeef,
    });
    expect(frame.udp).toEqual({ offset: UDP, src: 67, dst: 68, length: 252, storedChecksum: 0x2dec });
  });

  it("shows every BOOTP field, unsigned", () => {
    expect(frame.dhcp).toMatchObject({
      op: 2,
      htype: 1,
      hlen: 6,
      hops: 0,
      xid: 0xfd850e68,
      secs: 0x0102,
      flags: 0x8000,
      ciaddr: CLIENT,
      yiaddr: CLIENT,
      siaddr: SERVER,
      giaddr: 0xfffefdfc,
      chaddr: Uint8Array.from(CLIENT_MAC),
      type: 5,
      cut: false,
    });
  });
});

describe("tags and padding", () => {
  it("VLAN identifiers come outermost first, without priority bits", () => {
    const frame = decode(
      ethernet(ipv4(udp(bootp())), 0x0800, [
        [0x88a8, 0x601e],
        [0x8100, 0xf028],
      ]),
    );
    expect(frame.link?.vlan).toEqual([30, 40]);
    expect(frame.dhcp?.type).toBe(5);
    expect(frame.stopped).toBeNull();
  });

  it("Ethernet padding belongs to nobody", () => {
    const frame = decode(Uint8Array.from([...reply(), 1, 2, 3, 4]));
    expect(frame.stopped).toBeNull();
    expect(frame.dhcp?.options.codes()).toEqual([53]);
  });

  it("bytes between the UDP length and the IP length belong to nobody", () => {
    const options = [...option(53, [5]), ...option(51, [0, 0, 0, 9]), END];
    const frame = decode(ethernet(ipv4(udp(bootp({}, options), { length: 8 + 240 + 3 }))));
    expect(frame.dhcp?.options.codes()).toEqual([53]);
    expect(frame.stopped).toBeNull();
  });
});

describe("a frame cut by the snapshot length says where", () => {
  const tagged = ethernet(ipv4(udp(bootp())), 0x0800, [[0x8100, 30]]);
  const options = [...option(53, [5]), ...option(51, [0, 0, 0, 120]), END];
  const udpLength = 8 + 240 + options.length;

  it.each([
    ["nothing", reply(options), 0, { layer: "ethernet", offset: 0, needed: 14, had: 0 }],
    ["within the link header", reply(options), 13, { layer: "ethernet", offset: 13, needed: 14, had: 13 }],
    ["within a tag", tagged, 16, { layer: "vlan", offset: 16, needed: 4, had: 2 }],
    ["within the IP header", reply(options), IP + 19, { layer: "ipv4", offset: IP + 19, needed: 20, had: 19 }],
    ["within the UDP header", reply(options), UDP + 7, { layer: "udp", offset: UDP + 7, needed: 8, had: 7 }],
    ["before BOOTP", reply(options), BOOTP, { layer: "dhcp", offset: BOOTP, needed: 28, had: 0 }],
    ["within chaddr", reply(options), BOOTP + 30, { layer: "dhcp", offset: BOOTP + 30, needed: 34, had: 30 }],
    ["within sname", reply(options), BOOTP + 48, { layer: "dhcp", offset: BOOTP + 48, needed: 240, had: 48 }],
    ["within the cookie", reply(options), OPTIONS - 1, { layer: "dhcp", offset: OPTIONS - 1, needed: 240, had: 239 }],
    ["behind the cookie", reply(options), OPTIONS, { layer: "option", offset: OPTIONS, needed: 1, had: 0 }],
    ["within an option", reply(options), OPTIONS + 7, { layer: "option", offset: OPTIONS + 7, needed: 6, had: 4 }],
    ["at a length octet", reply(options), OPTIONS + 4, { layer: "option", offset: OPTIONS + 4, needed: 2, had: 1 }],
    ["between options", reply(options), OPTIONS + 3, { layer: "option", offset: OPTIONS + 3, needed: 1, had: 0 }],
    [
      "behind END, in bytes that UDP counts",
      reply([...options, 0, 0]),
      OPTIONS + options.length,
      { layer: "udp", offset: OPTIONS + options.length, needed: udpLength + 2, had: udpLength },
    ],
  ])("%s", (_, frame, captured, stopped) => {
    expect(decode(frame, captured).stopped).toEqual(stopped);
  });

  it("and shows what came before: the BOOTP header at 90 bytes", () => {
    const { dhcp } = decode(reply(options), 90);
    expect(dhcp).toMatchObject({ op: 2, xid: 0xfd850e68, type: null, cut: true });
    expect(dhcp?.options.codes()).toEqual([]);
    expect(dhcp?.options.malformed).toBe(false);
  });

  it("and shows the options before the cut, which is no fault of the message", () => {
    const { dhcp } = decode(reply(options), OPTIONS + 7);
    expect(dhcp).toMatchObject({ type: 5, cut: true });
    expect(dhcp?.options.codes()).toEqual([53]);
    expect(dhcp?.options.malformed).toBe(false);
  });

  it("a cut behind END cuts nothing", () => {
    expect(decode(reply([...options, 0, 0]), OPTIONS + options.length).dhcp?.cut).toBe(false);
  });
});

describe("lengths that lie are values", () => {
  const data = bootp();
  const whole = udp(data);

  it("a header length of 16: the header is shown, nothing behind it", () => {
    const frame = decode(ethernet(ipv4(whole, { versionAndLength: 0x44 })));
    expect(frame.ip?.headerLength).toBe(16);
    expect(frame.udp).toBeNull();
    expect(frame.stopped).toEqual({ layer: "ipv4", offset: IP + 16, needed: 20, had: 16 });
  });

  it("a header length beyond the frame", () => {
    const frame = decode(ethernet(ipv4(zeros(8), { versionAndLength: 0x4f })));
    expect(frame.stopped).toEqual({ layer: "ipv4", offset: IP + 28, needed: 60, had: 28 });
  });

  it("a total length shorter than the header", () => {
    const frame = decode(ethernet(ipv4(whole, { totalLength: 19 })));
    expect(frame.udp).toBeNull();
    expect(frame.stopped).toEqual({ layer: "ipv4", offset: IP + 19, needed: 20, had: 19 });
  });

  it("a total length longer than the frame: the message is read all the same", () => {
    const frame = decode(ethernet(ipv4(whole, { totalLength: 2000 })));
    expect(frame.dhcp).toMatchObject({ type: 5, cut: false });
    expect(frame.stopped).toEqual({ layer: "ipv4", offset: UDP + whole.length, needed: 2000, had: 20 + whole.length });
  });

  it("a UDP length longer than the IP payload: read up to where IP ends, and cut there", () => {
    const unended = udp(bootp({}, option(53, [5])), { length: 1000 });
    const frame = decode(Uint8Array.from([...ethernet(ipv4(unended)), ...option(51, [0, 0, 0, 9])]));
    expect(frame.udp?.length).toBe(1000);
    expect(frame.dhcp).toMatchObject({ type: 5, cut: true });
    expect(frame.dhcp?.options.codes()).toEqual([53]);
    expect(frame.stopped?.layer).toBe("option");
  });

  it.each([0, 7])("a UDP length of %i covers no data", (length) => {
    const frame = decode(ethernet(ipv4(udp(data, { length }))));
    expect(frame.udp?.length).toBe(length);
    expect(frame.dhcp).toBeNull();
    expect(frame.stopped).toEqual({ layer: "udp", offset: UDP + length, needed: 8, had: length });
  });

  it("a hardware address of 255 bytes shows the 16 that there can be", () => {
    expect(decode(reply(undefined, { hlen: 255 })).dhcp?.chaddr).toHaveLength(16);
  });

  it("no hardware address at all", () => {
    expect(decode(reply(undefined, { hlen: 0 })).dhcp?.chaddr).toHaveLength(0);
  });
});

describe("BOOTP without DHCP", () => {
  it("a vendor area without the magic cookie has no options", () => {
    const { dhcp, stopped } = decode(reply([...option(53, [5]), END], { cookie: 0 }));
    expect(dhcp).toMatchObject({ type: null, cut: false });
    expect(dhcp?.options.codes()).toEqual([]);
    expect(stopped).toBeNull();
  });

  it("a message that ends before its vendor area is whole", () => {
    const { dhcp, stopped } = decode(ethernet(ipv4(udp(bootp().slice(0, 236)))));
    expect(dhcp).toMatchObject({ type: null, cut: false });
    expect(stopped).toBeNull();
  });

  it("a message that ends within sname is cut, though its lengths agree", () => {
    const { dhcp, stopped } = decode(ethernet(ipv4(udp(bootp().slice(0, 100)))));
    expect(dhcp).toMatchObject({ type: null, cut: true });
    expect(stopped).toEqual({ layer: "dhcp", offset: BOOTP + 100, needed: 240, had: 100 });
  });
});

describe("a frame that leads elsewhere says at which field", () => {
  it.each([
    ["ethertype", ethernet(zeros(46), 0x86dd), IP],
    ["ip-version", ethernet(ipv4(udp(bootp()), { versionAndLength: 0x65 })), IP],
    ["ip-protocol", ethernet(ipv4(udp(bootp()), { protocol: 6 })), UDP],
    ["ip-fragment", ethernet(ipv4(udp(bootp()), { fragment: 0x2001 })), UDP],
    ["udp-port", ethernet(ipv4(udp(bootp(), { src: 53, dst: 1024 }))), BOOTP],
  ])("%s", (layer, bytes, offset) => {
    const frame = decode(bytes);
    expect(frame.dhcp).toBeNull();
    expect(frame.stopped).toEqual({ layer, offset, needed: 0, had: 0 });
  });

  it("a first fragment is read as far as it goes", () => {
    const { ip, dhcp, stopped } = decode(
      ethernet(ipv4(udp(bootp(), { length: 900 }).slice(0, 248), { fragment: 0x2000 })),
    );
    expect(ip?.moreFragments).toBe(true);
    expect(dhcp).toMatchObject({ xid: 0xfd850e68, type: null, cut: true });
    expect(stopped).toEqual({ layer: "option", offset: OPTIONS, needed: 1, had: 0 });
  });

  it("the offset of a later fragment is in bytes", () => {
    expect(decode(ethernet(ipv4(zeros(40), { fragment: 0x002f }))).ip?.fragmentOffset).toBe(376);
  });
});
