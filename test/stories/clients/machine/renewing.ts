import type { ClientLease } from "../profile.js";
import { init } from "./acquiring.js";
import { closeCycle, openCycle, renewXid, wait, type Client } from "./client.js";
import { transmit } from "./sending.js";

/** Waits for the next move that the profile plans for the lease it holds. */
export function next(client: Client): void {
  const { lease, past, profile, random } = client;
  if (lease === null) return;
  const { clock } = client.world;
  past.now = clock.now();
  const move = profile.plan(lease, past, random);
  wait(client, move.at - clock.now(), () => {
    if (move.act === "expire") lose(client);
    else ask(client, lease, move.act, move.fresh);
  });
}

/** One request for more time, to the server or to all. */
export function ask(client: Client, held: ClientLease, act: "unicast" | "broadcast", fresh: boolean): void {
  const { profile, past } = client;
  const opening = client.cycle === null;
  if (opening) openCycle(client, "renewal");
  const phase = act === "unicast" ? "RENEWING" : "REBINDING";
  if ((opening && profile.xid === "transaction") || (phase !== client.state && profile.xid === "phase")) {
    renewXid(client);
  }
  if (opening || fresh) client.transaction = client.world.clock.now();
  client.state = phase;
  past.sent += 1;
  if (act === "unicast") past.unicasts += 1;
  else past.broadcasts += 1;
  transmit(
    client,
    "REQUEST",
    { ciaddr: held.address },
    act === "unicast" ? held : null,
    act === "unicast" ? "renewing" : "rebinding",
  );
  next(client);
}

function lose(client: Client): void {
  const { lease } = client;
  const now = client.world.clock.now();
  const early = lease !== null && now < lease.expiry - 2.5 && lease.base + lease.duration > now + 2.5;
  closeCycle(client, early ? "abandoned" : "expired");
  client.remembered = lease ?? client.remembered;
  init(client, 0);
}
