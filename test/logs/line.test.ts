import { describe, expect, it } from "vitest";
import { LineReader } from "../../src/logs/line.js";
import { StampReader } from "../../src/logs/stamp.js";
import { STAMPS } from "./support.js";

function parts(raw: string): unknown[] {
  const { host, program, pid, text } = new LineReader(new StampReader(STAMPS)).read(raw);
  return [host, program, pid, text];
}

describe("a line of a log", () => {
  it.each([
    // RFC 3164
    ["Mar  6 10:18:06 virtguest dhclient: DHCPACK", ["virtguest", "dhclient", null, "DHCPACK"]],
    ["<30>Mar  6 10:18:06 h dhclient[7]: x", ["h", "dhclient", "7", "x"]],
    // RFC 5424
    ["<30>1 2026-11-22T11:01:50Z h dhclient 853 - - DHCPACK", ["h", "dhclient", "853", "DHCPACK"]],
    ['<30>1 2026-11-22T11:01:50Z - dhcpcd - ID [a@1 b="\\]"][c] x y', [null, "dhcpcd", null, "x y"]],
    // without a host, as a shell's ts(1) or a container's log has it
    ["2026-11-22T11:01:50.5+00:00 dhclient[853]: x", [null, "dhclient", "853", "x"]],
    ["dnsmasq-dhcp[12]: DHCPACK(br0) x", [null, "dnsmasq", "12", "DHCPACK(br0) x"]],
    // a logger's tag before the program's own
    ["11:01:50 sh[1]: dnsmasq-dhcp[12]: x", [null, "dnsmasq", "1", "x"]],
    // "eth0:" is no program
    ["eth0: checksum failure from 10.0.0.1", [null, null, null, "eth0: checksum failure from 10.0.0.1"]],
    [
      "Nov 22 11:01:50 h dhcpcd[3]: eth0: leased 10.0.0.2 for 30 seconds",
      ["h", "dhcpcd", "3", "eth0: leased 10.0.0.2 for 30 seconds"],
    ],
    ["", [null, null, null, ""]],
  ])("%j", (raw, expected) => {
    expect(parts(raw)).toEqual(expected);
  });

  it("of the journal's JSON", () => {
    const entry = {
      __REALTIME_TIMESTAMP: "1795345268031823",
      _HOSTNAME: "vm",
      SYSLOG_IDENTIFIER: "systemd-networkd",
      _PID: "77",
      MESSAGE: "eth0: DHCP lease lost",
    };
    expect(parts(JSON.stringify(entry))).toEqual(["vm", "networkd", "77", "eth0: DHCP lease lost"]);
    expect(parts('{"MESSAGE":[1,2]}')).toEqual([null, null, null, '{"MESSAGE":[1,2]}']);
    expect(parts("{nothing")).toEqual([null, null, null, "{nothing"]);
  });
});
