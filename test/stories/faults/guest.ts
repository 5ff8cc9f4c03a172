import type { FaultMaker, Mood } from "./fault.js";

/** The client lost its socket: what arrives is refused by the guest's kernel. */
export const socketClosed: FaultMaker = ({ from }) => ({ name: "socket-closed", socketClosed: (now) => now >= from });

/** The client stands still in a machine that is otherwise well. */
export const hung: FaultMaker = ({ from }) => ({
  name: "client-hung",
  script(world, patient) {
    world.clock.at(from, patient.hang);
  },
});

/** Switched off, or migrated to another host: not one frame more. */
export const gone: FaultMaker = ({ from }) => ({
  name: "guest-gone",
  script(world, patient) {
    world.clock.at(from, patient.vanish);
  },
});

/** Reboots without a word. */
export const rebooted: FaultMaker = ({ from, random }) => {
  const pause = random.between(8, 25);
  return {
    name: "guest-reboots",
    script(world, patient) {
      world.clock.at(from, patient.vanish);
      world.clock.at(from + pause, () => {
        patient.boot(patient.profile);
      });
    },
  };
};

/** Reboots in order: a client that releases does. */
export const rebootedOrderly: FaultMaker = ({ from, random }) => {
  const pause = random.between(8, 25);
  return {
    name: "guest-reboots-orderly",
    script(world, patient) {
      world.clock.at(from, patient.shutdown);
      world.clock.at(from + pause, () => {
        patient.boot(patient.profile);
      });
    },
  };
};

/** Reboots on another network's memory: INIT-REBOOT is refused, then all is well. */
export const roams: FaultMaker = ({ from, patient: mac, random }) => {
  const pause = random.between(8, 25);
  return {
    name: "guest-roams",
    mood(request, now): Mood {
      const { fields } = request;
      const rebooting = request.name === "REQUEST" && fields.ciaddr === 0 && fields.serverId === null;
      return now >= from && request.client === mac && rebooting ? "nak" : "answer";
    },
    script(world, patient) {
      world.clock.at(from, patient.vanish);
      world.clock.at(from + pause, () => {
        patient.boot(patient.profile);
      });
    },
  };
};

/** An administrator renews by hand, long before T1. */
export const forcedRenewal: FaultMaker = ({ from }) => ({
  name: "forced-renewal",
  script(world, patient) {
    world.clock.at(from, patient.renewNow);
  },
});
