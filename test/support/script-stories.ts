import {
  ack,
  arp,
  decline,
  discover,
  nak,
  offer,
  reboot,
  rebind,
  release,
  renew,
  request,
  script,
  traffic,
  unreachable,
  type Script,
} from "./script.js";

function bound(): Script {
  return script({ lease: 120 }).bound(0);
}

/** Short conversations of every kind, for tests of what must hold whatever happens. */
export const STORIES: readonly Script[] = [
  bound().renewed(60).renewed(120).renewed(180).until(200),
  script({ lease: 120, sum: "partial" }).bound(0).renewed(60, { sum: "partial" }).renewed(120).until(150),
  // Replies ignored until the lease is gone, then bound again.
  bound()
    .at(60, renew())
    .at(60.01, ack({ sum: "partial" }))
    .at(75, renew({ secs: 15 }))
    .at(75.01, ack({ sum: "partial" }))
    .at(106, rebind({ secs: 46 }))
    .at(106.01, ack({ sum: "bad" }))
    .bound(120, { xid: 2 })
    .renewed(180, { xid: 2 })
    .until(190),
  // A server that wakes up late.
  bound()
    .at(60, renew())
    .at(75, renew({ secs: 15 }))
    .at(106, rebind({ secs: 46 }))
    .at(120, discover({ xid: 2 }))
    .at(121, ack({ xid: 1 }))
    .at(121.0002, ack({ xid: 1 }))
    .at(121.001, offer({ xid: 2 }))
    .at(121.002, request({ xid: 2 }))
    .at(121.003, ack({ xid: 2 }))
    .until(150),
  bound()
    .at(60, renew())
    .at(60.01, nak({ message: "no" }))
    .bound(60.1, { xid: 2, address: "10.0.0.150" })
    .until(80),
  bound()
    .at(60, renew())
    .at(80, renew({ secs: 20 }))
    .at(106, rebind({ secs: 46 }))
    .at(106.01, ack())
    .renewed(166),
  // From the middle.
  script({ lease: 120 })
    .at(0, renew({ secs: 30 }))
    .at(0.01, ack())
    .at(15, renew({ secs: 45 }))
    .at(15.01, ack())
    .at(40, discover({ xid: 2 }))
    .at(40.01, offer())
    .at(40.02, request({ xid: 2 }))
    .at(40.03, ack()),
  // Two servers, a restart, a release, a reboot.
  script({ lease: 120 })
    .at(0, discover())
    .at(0.01, offer({ server: 2, address: "10.0.0.150" }))
    .at(0.02, offer({ server: 1 }))
    .at(0.03, request())
    .at(0.04, ack({ address: "10.0.0.101" }))
    .bound(20, { xid: 2 })
    .at(40, release({ xid: 2 }))
    .at(50, reboot({ xid: 3 }))
    .at(50.01, ack({ xid: 3 }))
    .at(52, decline({ xid: 3 }))
    .bound(62, { xid: 4, address: "10.0.0.151" })
    .until(90),
  // Seen, but without a request; the next one comes back.
  bound().at(10, arp()).at(70, traffic()).at(110, traffic()).at(130, arp()).bound(300, { xid: 2 }).until(330),
  // Switched off, and back again with traffic.
  bound()
    .at(0.2, arp())
    .bound(400, { xid: 2 })
    .at(400.3, arp())
    .at(401, traffic())
    .at(450, traffic())
    .bound(455, { xid: 3 })
    .at(456, arp())
    .until(700),
  // Refused by the kernel, and wrong replies.
  bound()
    .at(60, renew())
    .at(60.01, ack())
    .at(60.011, unreachable("reply"))
    .at(75, renew({ secs: 15 }))
    .at(75.01, ack({ xid: 99 }))
    .at(90, renew({ secs: 30 }))
    .at(90.01, ack({ lease: null }))
    .at(120, discover({ xid: 2 }))
    .until(125),
  // Two clients with one xid and one client identifier, of whom one is not answered.
  script({ lease: 120, clientId: [1, 2, 3, 4] })
    .bound(0, { client: 1 })
    .bound(0.5, { client: 2 })
    .at(60, renew({ client: 1 }))
    .at(60.01, ack({ client: 1 }))
    .at(61, renew({ client: 2 }))
    .at(75, renew({ client: 2, secs: 14 }))
    .at(110, rebind({ client: 2, secs: 49 }))
    .at(120, renew({ client: 1 }))
    .at(120.01, ack({ client: 1 }))
    .at(120.6, discover({ client: 2, xid: 2 }))
    .until(140),
  // Through a relay, tagged.
  script({ lease: 120, vlan: [10], relay: "10.0.0.200" })
    .bound(0)
    .renewed(60)
    .at(120, rebind())
    .at(120.1, ack()),
  // No replies in view.
  script({ lease: 120 })
    .at(0, discover())
    .at(0.1, request())
    .at(110, rebind())
    .at(120, discover({ xid: 2 }))
    .at(120.1, request({ xid: 2 })),
];
