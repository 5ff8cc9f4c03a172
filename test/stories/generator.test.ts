import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { android } from "./clients/android.js";
import { dhclient } from "./clients/dhclient.js";
import { dhcpcd } from "./clients/dhcpcd.js";
import { dhcpleased } from "./clients/dhcpleased.js";
import { nettools } from "./clients/nettools.js";
import { networkd } from "./clients/networkd.js";
import type { ClientLease, ClientProfile, Move } from "./clients/profile.js";
import { udhcpc } from "./clients/udhcpc.js";
import { compose } from "./compose.js";
import { cells, stories } from "./matrix.js";
import { writePcap, writePcapng } from "./pcap.js";
import { createRandom } from "./prng.js";
import { nothing, score } from "./score.js";
import type { Cell, Story } from "./types.js";

const base: Cell = {
  client: "dhclient",
  server: "dhcpd",
  fault: "none",
  vantage: "bridge",
  begins: "start",
  ends: "long",
  noise: "none",
};

/** Every move of a client whose renewals all stay unanswered. */
function unanswered(profile: ClientProfile, duration: number): Move[] {
  const random = createRandom(7);
  const times = profile.timers(duration, null, null, random);
  const lease: ClientLease = {
    address: 1,
    server: 2,
    serverMac: "",
    base: 0,
    duration,
    t1: times.t1,
    t2: times.t2,
    expiry: times.expiry,
  };
  const past = { now: 0, sent: 0, unicasts: 0, broadcasts: 0, interval: 0 };
  const moves: Move[] = [];
  for (let turn = 0; turn < 20_000; turn += 1) {
    const move = profile.plan(lease, past, random);
    moves.push(move);
    if (move.act === "expire") break;
    past.now = move.at;
    past.sent += 1;
    if (move.act === "unicast") past.unicasts += 1;
    else past.broadcasts += 1;
  }
  return moves;
}

function requests(profile: ClientProfile, duration: number): Move[] {
  return unanswered(profile, duration).filter(({ act }) => act !== "expire");
}

describe("clients keep the schedules of their sources", () => {
  const day = 86_400;

  test("unanswered requests of one lease differ fiftyfold between clients", () => {
    const counts = [dhclient, dhcpcd, udhcpc, networkd, nettools, dhcpleased].map(
      (profile) => requests(profile, day).length,
    );
    expect(Math.max(...counts) / Math.min(...counts)).toBeGreaterThan(50);
  });

  test("dhclient asks every 7 to 23 s from T1 until the lease is over, by broadcast once T2 has passed", () => {
    const moves = requests(dhclient, 3600);
    const gaps = moves.slice(6).map((move, index) => move.at - (moves[index + 5]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(3);
    expect(Math.max(...gaps)).toBeLessThan(24);
    for (const move of moves) expect(move.act).toBe(move.at > 3150 ? "broadcast" : "unicast");
  });

  test("dhcpcd doubles from 4 s to 64 s and begins anew at T2", () => {
    const moves = requests(dhcpcd, day);
    const gaps = moves.slice(1, 7).map((move, index) => move.at - (moves[index]?.at ?? 0));
    [4, 8, 16, 32, 64, 64].forEach((expected, index) => {
      expect(Math.abs((gaps[index] ?? 0) - expected)).toBeLessThanOrEqual(1);
    });
    const turn = moves.findIndex(({ act }) => act === "broadcast");
    expect(moves[turn]?.at).toBe(day * 0.875);
    expect((moves[turn + 1]?.at ?? 0) - (moves[turn]?.at ?? 0)).toBeLessThan(5.1);
  });

  test("udhcpc halves what remains, whatever T1 and T2 say, and gives up early", () => {
    const moves = unanswered(udhcpc, 3600);
    expect(moves[0]?.at).toBe(1800);
    expect(moves.filter(({ act }) => act === "broadcast").length).toBeLessThanOrEqual(3);
    const last = moves[moves.length - 1];
    expect(last?.act).toBe("expire");
    expect(last?.at).toBeLessThan(3600);
  });

  test("networkd, NetworkManager and dhcpleased wait a minute at the least", () => {
    for (const profile of [networkd, nettools, dhcpleased]) {
      const moves = requests(profile, day).filter(({ act }) => act === "unicast");
      moves.slice(1).forEach((move, index) => {
        expect(move.at - (moves[index]?.at ?? 0)).toBeGreaterThanOrEqual(59.9);
      });
    }
  });

  test("dhcpleased broadcasts once and keeps the address past its expiry", () => {
    const moves = unanswered(dhcpleased, day);
    expect(moves.filter(({ act }) => act === "broadcast")).toHaveLength(1);
    expect(moves[moves.length - 1]?.at).toBeGreaterThan(day);
  });

  test("Android starts with one second", () => {
    const [first, second] = requests(android, day);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(1.2);
  });
});

/** So many stories are looked at in any case. */
const ENOUGH = 400;

describe("stories", () => {
  test("the same cell and seed give the same bytes, another seed others", () => {
    const one = writePcap(compose(base, 11));
    expect(writePcap(compose(base, 11))).toEqual(one);
    expect(writePcap(compose(base, 12))).not.toEqual(one);
  });

  test("a lost mark makes a healthy partial reply a fatal one, and the truth says so", () => {
    const healthy = compose({ ...base, server: "dnsmasq" }, 3);
    const ill = compose({ ...base, server: "dnsmasq", fault: "mark-lost" }, 3);
    expect(healthy.truth.clients[0]?.most).toBe("note");
    expect(ill.truth.clients[0]?.least).toBe("error");
    expect(ill.truth.clients[0]?.cycles.some(({ best }) => best === "offload-partial")).toBe(true);
  });

  test("frames are in time order, inside what was observed, and there is a truth for each", () => {
    for (const story of stories(5, 150)) {
      expect(story.truth.frames).toHaveLength(story.frames.length);
      let before = 0;
      for (const frame of story.frames) {
        const time = frame.seconds + frame.nanos / 1e9;
        expect(time).toBeGreaterThanOrEqual(before);
        before = time;
        expect(frame.bytes.length).toBeLessThanOrEqual(frame.original);
      }
      expect(before).toBeLessThanOrEqual(story.observedUntil + 1e-5);
    }
  });

  test("every fault does harm in some story, except those that are none", () => {
    const harmless = new Set([
      "none",
      "guest-gone",
      "guest-reboots",
      "guest-reboots-orderly",
      "guest-roams",
      "forced-renewal",
      "one-request-lost",
      "one-reply-lost",
    ]);
    const harmful = new Set<string>();
    const all = new Set(cells().map(({ fault }) => fault));
    let told = 0;
    for (const story of stories(9, 1500)) {
      told += 1;
      if (told > ENOUGH && [...all].every((fault) => harmless.has(fault) || harmful.has(fault))) break;
      if (story.truth.clients.some(({ least }) => least === "error" || least === "warning")) {
        harmful.add(story.cell.fault);
      }
      if (story.cell.fault === "guest-gone") {
        expect(story.truth.clients.filter(({ role, least }) => role === "patient" && least !== "none")).toEqual([]);
      }
    }
    for (const fault of all) {
      if (!harmless.has(fault)) expect([...harmful], fault).toContain(fault);
    }
  });

  test("an analyzer that says nothing misses alarms and raises none", async () => {
    const story = compose({ ...base, server: "dnsmasq", fault: "mark-lost" }, 3);
    const { score: result } = await score(story, () => []);
    expect(result.missedAlarms).toBe(1);
    expect(result.falseAlarms).toBe(0);
    expect(result.causeRight).toBe(0);
    expect(result.right).toBe(nothing.right);
  });
});

function hasTshark(): boolean {
  try {
    execFileSync("tshark", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const found = hasTshark();
if (!found && process.env["CI"] === "true") throw new Error("tshark is needed in CI: apt-get install tshark");

interface Dissected {
  protocols: string;
  status: string;
  malformed: boolean;
  type: string;
}

/** All of them in one run, as sections of one file: tshark takes longer to start than to read. */
function dissect(folder: string, all: readonly Story[]): Dissected[] {
  const file = join(folder, "stories.pcapng");
  writeFileSync(file, Buffer.concat(all.map((story) => writePcapng(story))));
  const fields = ["frame.protocols", "udp.checksum.status", "_ws.malformed", "dhcp.option.dhcp"];
  const output = execFileSync(
    "tshark",
    [
      "-r",
      file,
      "-o",
      "udp.check_checksum:TRUE",
      "-o",
      "ip.check_checksum:TRUE",
      "-T",
      "fields",
      "-E",
      "occurrence=f",
      ...fields.flatMap((field) => ["-e", field]),
    ],
    { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] },
  );
  return output
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const [protocols = "", status = "", malformed = "", type = ""] = line.split("\t");
      return { protocols, status, malformed: malformed !== "", type };
    });
}

describe.skipIf(!found)("tshark reads what the generator writes", () => {
  const status: Readonly<Record<string, string>> = { good: "1", absent: "3", bad: "0", partial: "0" };

  test("no frame is malformed and every sum is what the story says", { timeout: 300_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), "stories-"));
    try {
      const all = [...stories(2, 60)];
      const dissected = dissect(folder, all);
      expect(dissected).toHaveLength(all.reduce((sum, { frames }) => sum + frames.length, 0));
      let read = 0;
      for (const story of all) {
        const frames = dissected.slice(read, read + story.frames.length);
        read += story.frames.length;
        if (story.snaplen < 1000) continue;
        frames.forEach((frame, index) => {
          const truth = story.truth.frames[index];
          expect(frame.malformed, `${story.name} frame ${index + 1}`).toBe(false);
          if (truth?.checksum === undefined || truth.checksum === null) return;
          expect(frame.protocols).toContain("dhcp");
          // tshark calls a pseudo-header's sum bad, or partial where it is new enough to have a word for it
          const accepted = truth.checksum === "partial" ? ["0", "4"] : [status[truth.checksum] ?? ""];
          expect(accepted, `${story.name} frame ${index + 1} ${truth.checksum}`).toContain(frame.status);
        });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
