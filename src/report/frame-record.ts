import { formatInstant } from "../capture/instant.js";
import type { Checksum } from "../checksum/checksum.js";
import { kindOf, type Outcome, type Sighting } from "../lease/message.js";
import { formatHex, formatIpv4, formatMac } from "../wire/addresses.js";
import type { DhcpMessage } from "../wire/dhcp.js";
import { OptionCode } from "../wire/option-codes.js";
import { readAddress, readText, readUint32 } from "../wire/option-readers.js";
import type * as Events from "./events.js";
import { addressOrNull, checksumRecord, hex32 } from "./units.js";

/** A DHCP frame as `--frames` shows it; `ipChecksum` null: no IPv4 header was captured. */
export function frameRecord(sighting: Sighting, timed: boolean, ipChecksum: Checksum | null): Events.Frame {
  const { frame, message } = sighting;
  const { link, ip, udp, dhcp, stopped, reassembled } = frame;
  return {
    type: "frame",
    input: sighting.point.input,
    frame: sighting.frameNumber,
    interface: sighting.point.interface,
    time: timed ? formatInstant(sighting.stamp) : null,
    link: {
      src: macOrNull(link?.src ?? null),
      dst: macOrNull(link?.dst ?? null),
      vlan: [...(link?.vlan ?? [])],
    },
    outer: [],
    ip:
      ip === null
        ? null
        : {
            version: 4,
            src: formatIpv4(ip.src),
            dst: formatIpv4(ip.dst),
            checksum: ipChecksum === null ? null : checksumRecord(ipChecksum),
          },
    reassembled: reassembled === null ? null : { ...reassembled },
    udp: udp === null ? null : { src: udp.src, dst: udp.dst, checksum: checksumRecord(sighting.checksum) },
    dhcp: dhcp === null ? null : dhcpRecord(dhcp, message?.kind ?? kindOf(dhcp)),
    stopped: stopped === null ? null : { ...stopped },
    outcome: outcomeOf(dhcp, message?.outcome ?? null),
  };
}

function macOrNull(mac: number | null): string | null {
  return mac === null ? null : formatMac(mac);
}

/** null for what clients send; a reply that belongs to nothing in view is unknown. */
function outcomeOf(dhcp: DhcpMessage | null, outcome: Outcome | null): Outcome | null {
  return dhcp?.op !== BOOTREPLY ? null : (outcome ?? "unknown");
}

const BOOTREPLY = 2;

function dhcpRecord(dhcp: DhcpMessage, message: string): NonNullable<Events.Frame["dhcp"]> {
  const { options } = dhcp;
  const clientId = options.get(OptionCode.CLIENT_IDENTIFIER);
  return {
    message,
    xid: hex32(dhcp.xid),
    client: formatHex(dhcp.chaddr),
    clientId: clientId === null ? null : formatHex(clientId),
    ciaddr: addressOrNull(dhcp.ciaddr),
    yiaddr: addressOrNull(dhcp.yiaddr),
    giaddr: addressOrNull(dhcp.giaddr),
    serverId: addressOrNull(readAddress(options, OptionCode.SERVER_IDENTIFIER)),
    leaseTime: readUint32(options, OptionCode.LEASE_TIME),
    t1: readUint32(options, OptionCode.RENEWAL_TIME),
    t2: readUint32(options, OptionCode.REBINDING_TIME),
    requested: addressOrNull(readAddress(options, OptionCode.REQUESTED_ADDRESS)),
    secs: dhcp.secs,
    hostname: readText(options, OptionCode.HOST_NAME),
    vendorClass: readText(options, OptionCode.VENDOR_CLASS),
  };
}
