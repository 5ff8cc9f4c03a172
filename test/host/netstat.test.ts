import { describe, expect, it } from "vitest";
import { collisionsOf, readCounters } from "../../src/host/netstat.js";

/** The numbers of the post "Network collisions running hosts under KVM" (M. W. Lucas), in FreeBSD's table. */
const FREEBSD = `Name    Mtu Network       Address              Ipkts Ierrs Idrop    Opkts Oerrs  Coll
re0    1500 <Link#1>      52:54:00:8c:00:c5   246113     0     0   224253     0 223971
re0    1500 10.8.12.0     10.8.12.34          240000     -     -   224000     -     -
lo0   16384 <Link#2>                              12     0     0       12     0     0
`;

const LINUX = `Kernel Interface table
Iface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg
eth0      1500     1000      0      0 0          2000      0      0      0 BMRU
`;

const IP_LINK = `2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc pfifo_fast state UP mode DEFAULT group default qlen 1000
    link/ether 52:54:00:8c:00:c5 brd ff:ff:ff:ff:ff:ff
    RX:  bytes packets errors dropped  missed   mcast
         10000     100      0       0       0       0
    TX:  bytes packets errors dropped carrier collsns
         20000     200      0       0       0     600
`;

const verdicts = (text: string): unknown[] =>
  readCounters(text).map((counters) => [counters.name, counters.sent, counters.collisions, collisionsOf(counters)]);

describe("collisions", () => {
  it("of FreeBSD's re(4) that nearly equal its packets are none", () => {
    expect(verdicts(FREEBSD)).toEqual([
      ["re0", 224_253, 223_971, "artefact"],
      ["lo0", 12, 0, "none"],
    ]);
  });

  it("in a daily mail, and where the link is down", () => {
    const mail = FREEBSD.replace(/^/gm, "> ").replace("re0 ", "re0*");
    expect(verdicts(mail)[0]).toEqual(["re0", 224_253, 223_971, "artefact"]);
  });

  it("are not told by netstat -i of Linux", () => {
    expect(verdicts(LINUX)).toEqual([["eth0", 2000, null, "not-told"]]);
  });

  it("of Linux' 8139cp are more than its packets", () => {
    expect(verdicts(IP_LINK)).toEqual([["eth0", 200, 600, "perhaps-artefact"]]);
  });

  it.each([
    ["em0", 1000, 0, 40, "real"],
    ["re0", 1000, 0, 40, "perhaps-artefact"],
    ["re0", 1000, 3, 900, "real"],
    ["em0", 1000, 0, 900, "perhaps-artefact"],
    ["em0", 1000, 7, 0, "errors"],
    ["eth0", 1000, 7, null, "errors"],
  ])("%s: %i sent, %i errors, %s collisions", (name, sent, sendErrors, collisions, expected) => {
    expect(collisionsOf({ name, line: 1, sent, sendErrors, collisions })).toBe(expected);
  });

  it("in other text are none", () => {
    expect(readCounters("Name\nre0\n\0\nTX: collsns\n")).toEqual([]);
  });
});
