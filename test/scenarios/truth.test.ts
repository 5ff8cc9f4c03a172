import { join } from "node:path";
import { expect, it } from "vitest";
import type { Cause, Frame } from "../../src/report/events.js";
import { describeWithShared } from "../support/shared.js";
import { guestFrames, scenarioFrames, type Said } from "../wire/truth.js";
import { alarmsOf, framesOf, renewalsOf, told, truths, type Truth } from "./recordings.js";

const VERDICTS: Readonly<Record<string, string>> = {
  full: "good",
  OK: "good",
  partial: "partial",
  PARTIAL: "partial",
  zero: "absent",
  bad: "bad",
};

const LOST: readonly string[] = ["expired", "refused", "abandoned"];

describeWithShared("the recorded scenarios", (shared) => {
  const said = byCapture(shared);

  for (const truth of truths(shared)) {
    it.each([...truth.captures])(`${truth.scenario}/%s`, async (capture) => {
      const all = await told(join(shared, "scenarios", truth.scenario, capture));
      compareFrames(framesOf(all), said.get(`${truth.scenario}/${capture}`) ?? new Map());

      const clients = renewalsOf(all).flatMap(({ outcome, client }) => (LOST.includes(outcome) ? [client] : []));
      const everyone = framesOf(all).flatMap(({ dhcp }) => dhcp?.client ?? []);
      const affected = truth.affected ?? [...new Set(everyone)];
      expect(new Set(clients), "lost clients").toEqual(new Set(truth.lostAddress ? affected : []));

      const causes = causesAt(truth, capture);
      const alarms = alarmsOf(all);
      expect(alarms.map(({ code }) => code).filter((code) => !causes.some((cause) => cause === code))).toEqual([]);
      expect(alarms.length > 0, "an alarm").toBe(causes.length > 0);
      if (truth.lostAddress) {
        for (const { client, severity } of alarms) {
          expect([affected.includes(client ?? ""), severity]).toEqual([true, "error"]);
        }
        const lost = renewalsOf(all).filter(({ outcome }) => LOST.includes(outcome));
        for (const { cause } of lost) expect(causes).toContain(cause);
      }
    });
  }

  it("covers every DHCPv4 recording", () => {
    expect(truths(shared).length).toBeGreaterThanOrEqual(11);
  });
});

/** Which causes a recording shows at one capture point; none: all is well there, as far as it can see. */
function causesAt({ cause, scenario }: Truth, capture: string): readonly Cause[] {
  const atGuest = capture === "client.pcap" || capture === "tap.pcap";
  switch (cause) {
    case "healthy":
      return [];
    case "reply_partial_checksum":
      return ["offload-partial"];
    case "reply_corrupt":
      // The flip happens between the tap's reader and the guest.
      return capture === "client.pcap" ? ["checksum-bad"] : ["reply-ignored"];
    case "server_silent":
      return ["no-reply", "late-reply"];
    case "nak":
      return ["nak"];
    case "reply_dropped_in_path":
      return atGuest ? ["no-reply"] : ["reply-ignored"];
    case "request_dropped_in_path":
      return atGuest || capture === "bridge.pcap" ? ["unicast-blocked"] : [];
    default:
      throw new Error(`${scenario}: no such cause as ${cause}`);
  }
}

function compareFrames(frames: readonly Frame[], expected: ReadonlyMap<number, Said>): void {
  expect(frames.map(({ frame }) => frame)).toEqual([...expected.keys()]);
  const requests = frames.filter(({ udp }) => udp?.dst === 67 && udp.src === 68);
  const lastRequest = new Map(requests.map(({ dhcp, frame }) => [dhcp?.client ?? "", frame]));
  for (const { frame, udp, outcome, dhcp } of frames) {
    const of = expected.get(frame) ?? {};
    const where = `frame ${frame}`;
    expect([udp?.checksum.verdict, udp?.checksum.stored, udp?.checksum.expected], where).toEqual([
      VERDICTS[of["ck_status"] ?? ""],
      `0x${of["ck"] ?? ""}`,
      `0x${of["ck_full"] ?? ""}`,
    ]);
    expect([dhcp?.message, dhcp?.client], where).toEqual([of["type"], of["chaddr"]]);
    const fate = fateOf(of["fate"] ?? "");
    if (fate === null) continue;
    const last = lastRequest.get(dhcp?.client ?? "") ?? 0;
    // What nobody answered to can be proved by nothing.
    expect(outcome === "unknown" && frame < last, `${where}: nothing was concluded`).toBe(false);
    if (outcome !== "unknown") expect(outcome, `${where}: ${of["fate"] ?? ""}`).toBe(fate);
  }
}

/** What became of a reply, in our words; null: it is not said. */
function fateOf(fate: string): "accepted" | "ignored" | null {
  if (fate === "processed by client") return "accepted";
  return /^(dropped|ignored) by client/.test(fate) ? "ignored" : null;
}

function byCapture(shared: string): Map<string, Map<number, Said>> {
  const captures = new Map<string, Map<number, Said>>();
  for (const { where, said } of scenarioFrames(shared)) {
    if (said["kind"] !== "dhcp") continue;
    const capture = where.replace(/ \d+$/, "");
    const frames = captures.get(capture) ?? new Map<number, Said>();
    captures.set(capture, frames.set(Number(said["n"]), said));
  }
  return captures;
}

describeWithShared("the recordings of QEMU guests", (shared) => {
  it.each(guestFrames(shared))("$capture", async ({ capture, lines }) => {
    const all = await told(capture);
    const ours = framesOf(all).map(({ udp, dhcp }) => [
      dhcp?.message,
      dhcp?.xid,
      udp?.checksum.verdict,
      udp?.checksum.stored,
      udp?.checksum.expected,
    ]);
    const theirs = lines.map(({ type, xid = "", status = "", ck = "", full = "" }) => [
      type,
      `0x${xid}`,
      VERDICTS[status],
      `0x${ck}`,
      `0x${full}`,
    ]);
    expect(ours).toEqual(theirs);

    // Two of them begin with OFFERs that an old client drops; nobody ever loses an address.
    const dropped = /q02-|q02f-/.test(capture);
    expect(alarmsOf(all).map(({ code, severity }) => `${severity} ${code}`)).toEqual(
      dropped ? ["warning offload-partial"] : [],
    );
    expect(renewalsOf(all).filter(({ outcome }) => outcome !== "renewed")).toEqual([]);
  });

  it.each(["q01-virtio", "q02-virtio-partial-drop", "q04-rtl8139"])(
    "%s: bridge and tap together are one client",
    async (name) => {
      const all = await told(join(shared, "vm", name, "bridge.pcap"), join(shared, "vm", name, "tap.pcap"));
      expect(all.at(-1)).toMatchObject({ type: "summary", clients: 1 });
      const alone = await told(join(shared, "vm", name, "tap.pcap"));
      expect(renewalsOf(all)).toHaveLength(renewalsOf(alone).length);
    },
  );
});
