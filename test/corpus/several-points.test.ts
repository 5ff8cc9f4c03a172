import { join } from "node:path";
import { expect, it } from "vitest";
import type { Attempt, LeasetapRecord } from "../../src/index.js";
import { told } from "../scenarios/recordings.js";
import { describeWithShared } from "../support/shared.js";
import { readTable, type Row } from "../wire/tshark-table.js";

const REQUEST = "3";
const ACK = "5";
const NAK = "6";
/** Copies of one message on its way through bridges and relays are nearer to each other than this; seconds. */
const COPIES = 0.1;
const NOBODY = "0.0.0.0";

/** The first of the rows that are copies of one message: alike, and together in time. */
function apart(rows: readonly Row[]): Row[] {
  const last = new Map<string, number>();
  return [...rows]
    .sort((a, b) => timeOf(a) - timeOf(b))
    .filter((row) => {
      const alike = FIELDS.map((field) => row.text(field)).join(" ");
      const first = timeOf(row) - (last.get(alike) ?? -Infinity) > COPIES;
      last.set(alike, timeOf(row));
      return first;
    });
}

/** What tells one request of a client from its next. */
const FIELDS = [
  "dhcp.id",
  "dhcp.secs",
  "dhcp.ip.client",
  "dhcp.option.requested_ip_address",
  "dhcp.option.dhcp_server_id",
];

function rowOf(rows: readonly Row[], ref: Attempt["ref"]): Row | undefined {
  return rows.find(({ number }) => "frame" in ref && number === ref.frame);
}

function timeOf(row: Row): number {
  return Number(row.text("frame.time_epoch"));
}

function attemptsOf(records: readonly LeasetapRecord[]): Attempt[] {
  return records.flatMap((record) => (record.type === "renewal" ? record.attempts : []));
}

describeWithShared("captures at several points, by tshark's tables of them", (shared) => {
  const rowsOf = (file: string): Row[] => readTable(join(shared, "corpus", "truth", `${file}.tsv`));
  const recordsOf = (file: string): Promise<readonly LeasetapRecord[]> =>
    told(join(shared, "corpus", "captures", file));

  it("self_relay82: each renewal is answered by two ways, and refused to the relay itself; none is lost", async () => {
    const file = "self_relay82_any_sll2.pcap";
    const rows = rowsOf(file);
    const renewals = apart(
      rows.filter(
        (row) =>
          row.text("dhcp.option.dhcp") === REQUEST &&
          row.text("udp.srcport") === "68" &&
          row.text("dhcp.ip.client") !== NOBODY,
      ),
    );
    const records = await recordsOf(file);
    const attempts = attemptsOf(records);
    expect(renewals.length).toBeGreaterThan(0);
    expect(attempts).toHaveLength(renewals.length);
    for (const attempt of attempts) {
      const replies = attempt.replies.map(({ message, ref, outcome, reason, sightings }) => {
        const row = rowOf(rows, ref);
        const relay = row?.text("dhcp.ip.relay") === NOBODY ? "direct" : "relayed";
        const senders = sightings.map(({ ref: at }) => rowOf(rows, at)?.text("ip.src"));
        return { message, relay, outcome, reason, senders, server: row?.text("dhcp.option.dhcp_server_id") };
      });
      expect(replies.map(({ message, relay }) => `${message} ${relay}`).sort()).toEqual([
        "ACK direct",
        "ACK relayed",
        "NAK relayed",
      ]);
      expect(replies.filter(({ outcome }) => outcome === "accepted").length).toBeLessThanOrEqual(1);
      // The last copy of a relayed reply has the relay's address, not that which the server identifies itself by.
      const relayed = replies.find(({ message, relay }) => message === "ACK" && relay === "relayed");
      expect(relayed?.senders[0]).toBe(relayed?.server);
      expect(relayed?.senders.at(-1)).not.toBe(relayed?.server);
      expect(attempt.cause).toBeNull();
    }
    // What a relay sends is another datagram, with a sum of its own: nothing was filled in.
    expect(records.filter((record) => record.type === "finding" && record.code === "filled-on-the-way")).toEqual([]);
    // The capture ends after the last: what became of its replies is open.
    const judged = attempts.slice(0, -1).flatMap(({ replies }) => replies);
    expect(judged.filter(({ outcome }) => outcome === "accepted").map(({ message }) => message)).toEqual(
      new Array<string>(attempts.length - 1).fill("ACK"),
    );
    expect(judged.filter(({ outcome }) => outcome !== "accepted").map(({ reason }) => reason)).toEqual(
      new Array<string>(2 * (attempts.length - 1)).fill("duplicate"),
    );
  });

  it.each(["self_two_servers_any_sll2.pcap", "self_two_servers_multi_if.pcapng"])(
    "%s: refused once by the server that it asked, and no retransmission that was none",
    async (file) => {
      const rows = rowsOf(file);
      const of = (type: string): Row[] => rows.filter((row) => row.text("dhcp.option.dhcp") === type);
      const records = await recordsOf(file);
      // The client asks seconds apart: what stands together are copies.
      const requests = apart(of(REQUEST));
      const asked = records.flatMap((record) =>
        record.type === "renewal" || record.type === "acquisition"
          ? record.attempts.filter(({ message }) => message === "REQUEST")
          : [],
      );
      expect(asked).toHaveLength(requests.length);
      expect(asked.flatMap(({ sightings }) => sightings)).toHaveLength(of(REQUEST).length);

      const used = apart(of(ACK)).at(-1)?.text("dhcp.ip.your");
      const lost = records.filter((record) => record.type === "finding" && record.severity === "error");
      expect(lost).toMatchObject([{ code: "nak", confidence: "certain" }]);
      const refused = records.flatMap((record) =>
        record.type === "renewal" && record.outcome === "refused" ? [record] : [],
      );
      const refusals = refused.flatMap(({ attempts }) => attempts.at(-1)?.replies ?? []);
      const taken = refusals.filter(({ outcome }) => outcome === "accepted");
      expect(taken.map(({ ref }) => rowOf(rows, ref)?.text("dhcp.option.dhcp"))).toEqual([NAK]);
      const leases = records.flatMap((record) => (record.type === "lease" ? [record] : []));
      expect(leases.at(-1)).toMatchObject({ state: "BOUND", address: used });
    },
  );
});
