import { openCycle, renewXid, wait, type Client } from "./client.js";
import { transmit } from "./sending.js";

/** Starts from the beginning, after a pause. */
export function init(client: Client, delay: number): void {
  client.state = "INIT";
  client.lease = null;
  wait(client, delay, () => {
    client.state = "SELECTING";
    beginAcquisition(client);
    if (client.cycle === null) openCycle(client, "acquisition");
    discover(client);
  });
}

/** INIT-REBOOT (RFC 2131 §3.2): asks for the address it had. */
export function initReboot(client: Client): void {
  client.state = "REBOOTING";
  beginAcquisition(client);
  openCycle(client, "acquisition", true);
  reboot(client);
}

function beginAcquisition(client: Client): void {
  renewXid(client);
  client.acquisition = client.transaction = client.world.clock.now();
  client.sent = 0;
}

function discover(client: Client): void {
  if (client.state !== "SELECTING") return;
  const { profile, remembered, random } = client;
  if (client.sent > 0 && client.sent % profile.discoversPerXid === 0) renewXid(client);
  client.sent += 1;
  transmit(client, "DISCOVER", { requested: remembered === null ? null : remembered.address }, null, "acquiring");
  wait(client, profile.discoverWait(client.sent, random), () => {
    discover(client);
  });
}

/** Asks the chosen server for what it offered. */
export function select(client: Client): void {
  const { profile, offer, random } = client;
  if (client.state !== "REQUESTING" || offer === null) return;
  if (client.sent >= profile.requestTries) {
    init(client, profile.requestWait(client.sent, random));
    return;
  }
  client.sent += 1;
  transmit(client, "REQUEST", { requested: offer.address, serverId: offer.server }, null, "acquiring");
  wait(client, profile.requestWait(client.sent, random), () => {
    select(client);
  });
}

function reboot(client: Client): void {
  const { profile, remembered, random } = client;
  if (client.state !== "REBOOTING" || remembered === null) return;
  if (client.sent >= Math.min(profile.requestTries, 3)) {
    init(client, 0);
    return;
  }
  client.sent += 1;
  transmit(client, "REQUEST", { requested: remembered.address }, null, "acquiring");
  wait(client, profile.requestWait(client.sent, random), () => {
    reboot(client);
  });
}
