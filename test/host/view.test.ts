import { describe, expect, it } from "vitest";
import { readRecording, writeRecording } from "../../src/host/recording.js";
import { viewOf } from "../../src/host/view.js";
import { aBridge, aHost, aMachine, aTap, ON } from "./some-host.js";

const MAC = "52:54:00:12:65:64";

describe("the port of a client", () => {
  const at = (...ports: Parameters<typeof aBridge>[0]) => {
    const found = viewOf(aHost([aBridge(ports)])).portOfMac(MAC);
    return found === null ? null : [found.port.name, found.by];
  };

  it("is that of the card with its address", () => {
    const other = aTap(ON, aMachine({ mac: "52:54:00:00:00:01" }), { name: "vnet1" });
    expect(at(other, aTap(ON, aMachine({ mac: MAC })))).toEqual(["vnet3", "card"]);
    expect(at(other)).toBeNull();
  });

  it("is the one that Open vSwitch's database gives the address", () => {
    const label = { by: "openvswitch", machine: null, card: null, mac: MAC } as const;
    expect(at(aTap(ON, null, { label }))).toEqual(["vnet3", "card"]);
  });

  it("is a tap whose own address differs in the first byte alone, if nothing more is known of it", () => {
    const mac = "fe:54:00:12:65:64";
    expect(at(aTap(ON, null, { mac }))).toEqual(["vnet3", "card"]);
    expect(at(aTap(ON, aMachine({ mac: "52:54:00:00:00:01" }), { mac }))).toBeNull();
  });

  it("is where the bridge has seen it, and rather the tap than the veth to it", () => {
    const veth = aTap(ON, null, { name: "fwpr105p0", kind: "veth", tap: null, learned: [MAC] });
    expect(at(veth)).toEqual(["fwpr105p0", "switch"]);
    expect(at(veth, aTap(ON, null, { learned: [MAC] }))).toEqual(["vnet3", "switch"]);
    expect(at(aTap(ON, null, { learned: [MAC] }), veth)).toEqual(["vnet3", "switch"]);
  });
});

describe("a recording of a host", () => {
  const host = aHost(
    [aBridge([aTap(ON, aMachine({ model: "virtio-net-pci", mac: MAC }, { name: "\u001b[31mweb01" }))])],
    {
      fill: [{ text: "-A x", chain: "x", out: null, physical: false, packets: null }],
      zeroing: [{ text: "x", family: "ip", table: "t", chain: "c" }],
      recompute: [{ device: "br0", at: "root", text: "x", packets: 1 }],
    },
    {
      loose: [aTap(ON, null, { label: { by: "xen", machine: "domain 3", card: "0", mac: null } })],
      elsewhere: [{ name: "tap0", namespace: null, machine: aMachine(null) }],
      servers: [{ pid: null, program: null, here: true }],
    },
  );
  const text = writeRecording(host, "0.0.0", new Date(0));

  it("is read as it was written", () => {
    expect(readRecording(text)).toEqual({
      format: "leasetap host",
      schema: 1,
      version: "0.0.0",
      recorded: "1970-01-01T00:00:00.000Z",
      host,
    });
  });

  it.each([
    ["", "no-recording"],
    ["{}", "no-recording"],
    ["[1]", "no-recording"],
    [text.slice(0, -3), "no-recording"],
    [text.replace('"schema": 1', '"schema": 2'), "other-schema"],
    [text.replace('"kind": "linux"', '"kind": "x"'), "damaged"],
    [text.replace('"pid": 812', '"pid": "812"'), "damaged"],
    [text.replace('"learned": []', '"learned": {}'), "damaged"],
    [text.replace(/"rules": \{/, '"rule": {'), "damaged"],
  ])("%j is none that can be used: %s", (other, reason) => {
    expect(other).not.toBe(text);
    expect(readRecording(other)).toBe(reason);
  });

  it("may know more than this version does", () => {
    expect(readRecording(text.replace('"namespace"', '"news": 1, "namespace"'))).toMatchObject({ schema: 1 });
  });
});
