import { clientKind, clientKinds } from "./clients/index.js";
import { createGuest } from "./clients/machine.js";
import type { ClientProfile } from "./clients/profile.js";
import { createClock } from "./clock.js";
import { faultMaker } from "./faults/index.js";
import type { Setting } from "./faults/fault.js";
import { ipNumber } from "./frames.js";
import type { Journal } from "./journal.js";
import { createRandom, type Random } from "./prng.js";
import { serverProfile } from "./servers/kinds.js";
import { createServer } from "./servers/machine.js";
import { tell } from "./truth.js";
import type { Cell, Story } from "./types.js";
import { vantageOf } from "./vantage.js";
import { look } from "./view.js";
import { createWorld, type Nic } from "./world.js";

const network = ipNumber(10, 8, 12, 0);

function hexByte(value: number): string {
  return value.toString(16).padStart(2, "0");
}

function macOf(random: Random, last: number): string {
  return `52:54:00:${hexByte(random.below(256))}:${hexByte(random.below(256))}:${hexByte(last)}`;
}

interface LeaseTerms {
  duration: number;
  t1: number | null;
  t2: number | null;
}

function leaseFor(profile: ClientProfile, random: Random): LeaseTerms {
  // long leases of clients that ask every ten seconds only make big files
  const patient =
    profile.xid === "acquisition" &&
    profile.timers(86400, null, null, random).t1 > 0 &&
    profile.name.includes("dhclient");
  const duration =
    patient || profile.name.startsWith("FreeBSD")
      ? random.pick([20, 60, 120, 120, 300, 600, 1800, 3600, 7200] as const)
      : random.pick([30, 60, 120, 240, 600, 1800, 3600, 14400, 43200, 86400] as const);
  if (!random.chance(0.35) || duration < 60) return { duration, t1: null, t2: null };
  const shape = random.pick<readonly [number, number]>([
    [0.4, 0.8],
    [0.5, 0.875],
    [0.12, 0.25],
    [0.6, 0.9],
  ]);
  return { duration, t1: Math.floor(duration * shape[0]), t2: Math.floor(duration * shape[1]) };
}

/** Clients that are well with any server: they believe the mark, or do not look. */
const bystanders = clientKinds
  .filter(({ profile, rom }) => rom === null && (profile.honoursMark || !profile.verifies))
  .map(({ profile }) => profile);

/** Faults whose stories need a card that leaves sums alone. */
const aboutSums = new Set([
  "none",
  "mark-lost",
  "mark-lost-mended",
  "mark-lost-saved",
  "qemu-header-only",
  "request-mark-lost",
  "request-bit-flip",
]);

/** Stretch of the story that the capture covers, found in what happened. */
function stretch(
  cell: Cell,
  journal: Journal,
  patient: string,
  setting: Setting,
  end: number,
  random: Random,
): { from: number; to: number } {
  const failing = journal.cycles.find(
    (cycle) => cycle.client === patient && cycle.started >= setting.from && cycle.kind === "renewal",
  );
  const times = (failing?.attempts ?? []).map((id) => journal.messages.get(id)?.sent ?? 0);
  const grants = journal.grants.filter((grant) => grant.client === patient && grant.at < setting.from);
  const lastGrant = grants[grants.length - 1]?.at ?? 0;
  const between = (index: number): number | null => {
    const one = times[index];
    const other = times[index + 1];
    return one === undefined || other === undefined ? null : one + (other - one) * random.between(0.3, 0.8);
  };

  let from = 0;
  if (cell.begins !== "start") from = lastGrant + (setting.from - lastGrant) * random.between(0.2, 0.7) + 0.5;
  if (cell.begins === "middle") from = between(random.below(Math.max(1, Math.floor(times.length / 2)))) ?? from;
  let to = end;
  const first = times[0] ?? setting.from + setting.lease * 0.6;
  if (cell.ends === "soon") {
    to = Math.min(end, Math.max(from, times.find((time) => time > from) ?? first) + random.between(0.5, 3));
  }
  if (cell.ends === "middle") {
    to = Math.min(end, between(Math.floor((times.length * 2) / 3)) ?? first + random.between(2, 8));
  }
  return { from, to: Math.max(to, from + 5) };
}

/** Plays one story. The same cell and seed give the same bytes. */
export function compose(cell: Cell, seed: number): Story {
  const random = createRandom(seed);
  const kind = clientKind(cell.client);
  const vantage = vantageOf(cell.vantage);
  const lease = leaseFor(kind.profile, random.fork());
  const epoch = 1_600_000_000 + random.below(160_000_000) + random.below(1_000_000) / 1e6;
  const clock = createClock();
  const patient = macOf(random, 0x10);

  const boots = 4 + random.unit();
  const system = kind.rom === null ? boots : boots + random.between(14, 30);
  const fixed = createRandom(1);
  const { t1, t2 } = kind.profile.timers(lease.duration, lease.t1, lease.t2, fixed);
  const rounds = random.pick([0.6, 0.6, 1.25, 2.1] as const);
  const from = system + Math.min(10, t1 * 0.3) + t1 * rounds;
  const setting: Setting = { lease: lease.duration, t1, t2, from, patient, random: random.fork() };
  const fault = faultMaker(cell.fault)(setting);

  const world = createWorld(clock, random.fork(), [fault]);
  const [primary = "dnsmasq", ...others] = cell.server.split("+");
  const relayed = primary.endsWith("@relay");
  const main = serverProfile(relayed ? primary.slice(0, -"@relay".length) : primary);
  const gateway = { mac: "52:54:00:fe:00:fe", ip: network + 254 };
  world.servers.push(
    createServer(
      world,
      main,
      {
        name: main.name,
        mac: "52:54:00:5e:00:01",
        ip: relayed ? ipNumber(10, 99, 0, 1) : network + 1,
        network,
        firstHost: 100,
        lease,
        relay: relayed ? gateway : null,
        refusesStrangers: true,
      },
      random.fork(),
    ),
  );
  others.forEach((name, index) => {
    world.servers.push(
      createServer(
        world,
        serverProfile(name),
        {
          name: `${name}-${index + 2}`,
          mac: `52:54:00:5e:00:0${index + 2}`,
          ip: network + 2 + index,
          network,
          firstHost: 180 + 20 * index,
          lease,
          relay: null,
          refusesStrangers: false,
        },
        random.fork(),
      ),
    );
  });

  const end = from + lease.duration * 2.4 + 90;
  const chatter = Math.max(12, end / 140);
  // a client that cannot see the mark lives well behind a card that finishes every sum
  const markless = kind.profile.verifies && !kind.profile.honoursMark && !aboutSums.has(cell.fault);
  const emulated = cell.fault === "nft-zero" || markless || (cell.fault === "none" && random.chance(0.3));
  const nic: Nic = emulated ? "emulated" : "virtio";
  const guest = createGuest(
    world,
    { mac: patient, hostname: `vm-${seed % 1000}`, nic, gateway, chatter },
    kind.profile,
    random.fork(),
  );
  world.guests.set(patient, guest);
  clock.at(boots, () => {
    guest.boot(kind.rom ?? kind.profile);
  });
  if (kind.rom !== null) {
    clock.at(system, () => {
      guest.boot(kind.profile);
    });
  }

  const parts = [{ client: patient, profile: cell.client, role: "patient" as const }];
  const neighbours: { client: string; profile: string; role: "bystander" }[] = [];
  if (cell.noise === "clients") {
    const count = 2 + random.below(3);
    for (let index = 0; index < count; index += 1) {
      const profile = bystanders[random.below(bystanders.length)] ?? kind.profile;
      const mac = macOf(random, 0x20 + index);
      const other = createGuest(
        world,
        { mac, hostname: `other-${index}`, nic: "virtio", gateway, chatter: chatter * 3 },
        profile,
        random.fork(),
      );
      world.guests.set(mac, other);
      clock.at(random.between(1, system + t1), () => {
        other.boot(profile);
      });
      neighbours.push({ client: mac, profile: profile.name, role: "bystander" });
    }
  }
  fault.script?.(world, guest);
  clock.run(end);

  const { from: begin, to } = stretch(cell, world.journal, patient, setting, end, random.fork());
  const view = look(world.journal, vantage, begin, to, epoch, patient);
  return {
    name: [cell.client, cell.server, cell.fault, cell.vantage, cell.begins, cell.ends, cell.noise, seed].join("/"),
    seed,
    cell,
    interfaces: vantage.points.map((place) => place.interface),
    snaplen: vantage.snaplen === 0 ? 262144 : vantage.snaplen,
    frames: view.seen.map(({ frame }) => frame),
    observedUntil: epoch + to,
    truth: tell(world.journal, view, [...parts, ...neighbours], patient, epoch),
  };
}
