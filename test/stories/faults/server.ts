import type { FaultMaker, Mood } from "./fault.js";

/** The server's process stands still through expiry and then answers everything at once. */
export const frozen: FaultMaker = ({ from, lease }) => {
  const thaw = from + lease * 1.12;
  return { name: "server-frozen", frozenUntil: (now) => (now >= from && now < thaw ? thaw : null) };
};

/** A shorter pause: the burst comes while the client is still asking. */
export const frozenBriefly: FaultMaker = ({ from, t1, t2 }) => {
  const thaw = from + t1 + (t2 - t1) * 0.8;
  return { name: "server-frozen-briefly", frozenUntil: (now) => (now >= from && now < thaw ? thaw : null) };
};

/** One thread, and each answer takes seconds. */
export const slow: FaultMaker = ({ from, random }) => ({
  name: "server-slow",
  think: (now) => (now >= from ? random.between(3, 15) : undefined),
});

export const dead: FaultMaker = ({ from }) => ({
  name: "server-dead",
  mood: (_request, now): Mood => (now >= from ? "dead" : "answer"),
});

/** The process is gone and its host says so. */
export const deadRefusing: FaultMaker = ({ from }) => ({
  name: "server-dead-icmp",
  mood: (_request, now): Mood => (now >= from ? "dead" : "answer"),
  hostRefuses: (now) => now >= from,
});

/** Everybody is answered but this one. */
export const ignoresOne: FaultMaker = ({ from, patient }) => ({
  name: "server-ignores-one",
  mood: (request, now): Mood => (now >= from && request.client === patient ? "silent" : "answer"),
});

/** The address was given away behind the client's back: it is refused until it asks for a new one. */
export const refusesRenewal: FaultMaker = ({ from, patient }) => {
  let refused = false;
  let done = false;
  return {
    name: "nak-renewal",
    mood(request, now): Mood {
      if (now < from || done || request.client !== patient || request.name === "RELEASE") return "answer";
      if (request.fields.ciaddr === 0) {
        done = refused;
        return "answer";
      }
      refused = true;
      return "nak";
    },
  };
};

function wrong(name: string, mood: Mood): FaultMaker {
  return ({ from, patient }) => ({
    name,
    mood: (request, now): Mood =>
      now >= from && request.client === patient && request.fields.ciaddr !== 0 && request.name === "REQUEST"
        ? mood
        : "answer",
  });
}

export const wrongXid = wrong("reply-other-xid", "other-xid");
export const wrongChaddr = wrong("reply-other-chaddr", "other-chaddr");
export const noType = wrong("reply-no-type", "no-type");
export const noLeaseTime = wrong("reply-no-lease-time", "no-lease-time");
