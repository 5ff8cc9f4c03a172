import { describe, expect, it } from "vitest";
import {
  ack,
  arp,
  decline,
  discover,
  inform,
  nak,
  offer,
  reboot,
  release,
  renew,
  request,
  script,
} from "../support/script.js";
import { alarms, causes, cycles, findings, leaseStates, only, outcomes, proofs } from "../support/script-view.js";

describe("an OFFER", () => {
  it("was accepted when a REQUEST names its server and address", () => {
    expect(outcomes(script().bound(0).until(30).run())[0]).toBe("OFFER accepted");
  });

  it("was ignored when the client asks for offers again", () => {
    const run = script().at(0, discover()).at(0.1, offer()).at(4, discover()).at(4.1, offer()).at(4.2, request()).run();
    expect(outcomes(run)).toEqual(["OFFER ignored", "OFFER accepted"]);
  });

  it("was not chosen when the REQUEST names another server", () => {
    const run = script()
      .at(0, discover())
      .at(0.1, offer({ server: 1 }))
      .at(0.2, offer({ server: 2, address: "10.0.0.150" }))
      .at(0.3, request({ server: 2, address: "10.0.0.150" }))
      .at(0.4, ack({ server: 2 }))
      .until(30)
      .run();
    expect(outcomes(run)).toEqual(["OFFER ignored not-chosen", "OFFER accepted", "ACK accepted"]);
    expect(causes(run)).toEqual([]);
    expect(findings(run)).toEqual(["note two-servers certain"]);
  });

  it("was not chosen when it comes after the choice", () => {
    const run = script()
      .at(0, discover())
      .at(0.1, offer())
      .at(0.2, request())
      .at(0.25, offer({ server: 2, address: "10.0.0.150" }))
      .at(0.3, ack({ address: "10.0.0.101" }))
      .until(30)
      .run();
    expect(outcomes(run)).toEqual(["OFFER accepted", "OFFER ignored not-chosen", "ACK accepted"]);
    expect(causes(run)).toEqual([]);
  });

  it("three seconds late, as from a server that pings first, is no loss", () => {
    const run = script().at(0, discover()).at(3.002, offer()).at(3.003, request()).at(3.01, ack()).until(30).run();
    expect(cycles(run)).toEqual(["acquisition bound"]);
    expect(findings(run)).toEqual([]);
  });
});

describe("an ACK to a REQUEST in SELECTING", () => {
  it.each([
    ["a renewal", renew()],
    ["RELEASE", release()],
    ["DECLINE", decline()],
    ["INFORM from the address", inform()],
  ])("was accepted when %s follows", (_name, next) => {
    expect(proofs(script().bound(0).at(8, next).run())[1]).toBe("ACK accepted by address-used");
  });

  it("was ignored when the same REQUEST comes again", () => {
    const run = script().bound(0).at(4, request()).at(4.001, ack()).at(60, renew()).run();
    expect(proofs(run).slice(1)).toEqual(["ACK ignored by asked-again", "ACK accepted by address-used"]);
  });

  it("was ignored when a DISCOVER follows another that was ignored", () => {
    const run = script()
      .bound(0)
      .at(4, request())
      .at(4.001, ack())
      .at(14, discover({ xid: 2 }))
      .run();
    expect(outcomes(run)).toEqual(["OFFER accepted", "ACK ignored", "ACK ignored"]);
  });

  it("is unknown when one DISCOVER follows: a boot loader may have handed over", () => {
    const run = script()
      .bound(0)
      .bound(10, { xid: 2 })
      .at(70, renew({ xid: 2 }))
      .run();
    expect(outcomes(run)[1]).toBe("ACK unknown");
    expect(alarms(run)).toEqual([]);
  });

  it("was ignored at the third loop of the same software", () => {
    const run = script()
      .bound(0, { xid: 1 })
      .bound(10, { xid: 2 })
      .bound(20, { xid: 3 })
      .at(30, discover({ xid: 4 }))
      .run();
    expect(outcomes(run).filter((outcome) => outcome.startsWith("ACK"))[2]).toBe("ACK ignored");
  });

  it("was accepted when the client uses the address before it starts anew", () => {
    const run = script()
      .bound(0)
      .at(1, arp())
      .at(10, discover({ xid: 2 }))
      .run();
    expect(proofs(run)[1]).toBe("ACK accepted by address-used");
  });

  it("was accepted when a client known before uses the address before it starts anew", () => {
    const run = script()
      .bound(0)
      .bound(10, { xid: 2 })
      .at(11, arp())
      .at(12, discover({ xid: 3 }))
      .run();
    expect(proofs(run)[3]).toBe("ACK accepted by address-used");
  });

  it("was accepted when the client is content for 20 s", () => {
    const run = script().bound(0).until(25).run();
    expect(proofs(run)[1]).toBe("ACK accepted by went-silent");
  });

  it("is unknown at the end of view, and the client counts as bound", () => {
    const run = script().bound(0).until(10).run();
    expect(outcomes(run)[1]).toBe("ACK unknown");
    expect(cycles(run)).toEqual(["acquisition bound"]);
    expect(findings(run)).toEqual([]);
  });

  it("is unknown at the end of view after others that were ignored, and the acquisition is pending", () => {
    const run = script().bound(0).at(4, request()).at(4.001, ack()).until(5).run();
    expect(outcomes(run).slice(1)).toEqual(["ACK ignored", "ACK unknown"]);
    expect(cycles(run)).toEqual(["acquisition pending"]);
  });
});

describe("INIT-REBOOT", () => {
  it("is an acquisition that ends bound", () => {
    const run = script().at(0, reboot()).at(0.001, ack()).at(60, renew()).at(60.001, ack()).until(70).run();
    expect(cycles(run)).toEqual(["acquisition bound", "renewal renewed"]);
    expect(only(run, "acquisition bound").cycle).toMatchObject({ from: "INIT-REBOOT" });
    expect(outcomes(run)[0]).toBe("ACK accepted");
  });

  it("that is refused and then bound elsewhere is a note: roaming does that", () => {
    const run = script()
      .at(0, reboot({ address: "10.9.9.9" }))
      .at(0.001, nak())
      .bound(0.1, { xid: 2 })
      .until(30)
      .run();
    expect(cycles(run)).toEqual(["acquisition refused", "acquisition bound"]);
    expect(findings(run)).toEqual(["note nak certain"]);
  });

  it("of a client that was bound ends its lease without loss", () => {
    const run = script()
      .bound(0)
      .at(20, reboot({ xid: 2 }))
      .at(20.001, ack())
      .at(80, renew({ xid: 2 }))
      .run();
    expect(leaseStates(run)[0]).toBe("SUPERSEDED");
    expect(alarms(run)).toEqual([]);
  });

  it("in the middle of a renewal is a restart, not a loss", () => {
    const run = script()
      .bound(0)
      .at(60, renew())
      .at(63, reboot({ xid: 2 }))
      .at(63.001, ack())
      .until(90)
      .run();
    expect(cycles(run)).toEqual(["acquisition bound", "renewal left", "acquisition bound"]);
    expect(alarms(run)).toEqual([]);
  });

  it("whose ACK is followed by the same REQUEST had its ACK ignored", () => {
    const run = script().at(0, reboot()).at(0.001, ack()).at(4, reboot()).at(4.001, ack()).at(60, renew()).run();
    expect(outcomes(run)).toEqual(["ACK ignored", "ACK accepted"]);
  });
});

describe("a boot loader and the system that it starts", () => {
  it("are two bindings; nothing was lost between them", () => {
    const run = script()
      .bound(0, { vendorClass: "PXEClient:Arch:00000:UNDI:002001", clientId: [0, 1, 2, 3] })
      .bound(20, { xid: 2, clientId: [255, 9, 9, 9] })
      .renewed(80, { xid: 2, clientId: [255, 9, 9, 9] })
      .until(90)
      .run();
    expect(findings(run)).toEqual([]);
    expect(leaseStates(run)).toEqual(["SUPERSEDED", "BOUND"]);
  });

  it("may ask for offers again and again without being in trouble", () => {
    const loader = { vendorClass: "PXEClient:Arch:00007:UNDI:003000" };
    const run = script(loader)
      .at(0, discover())
      .at(0.1, offer())
      .at(4, discover())
      .at(4.1, offer())
      .at(8, discover())
      .at(8.1, offer())
      .at(8.2, request())
      .at(8.3, ack())
      .until(40)
      .run();
    expect(alarms(run)).toEqual([]);
  });
});
