/** The test of every cure for checksums: what the client does, not what a capture on the bridge shows. */
export const NEXT_RENEWAL =
  "What the client asks next (a renewal at T1, or a DISCOVER) is answered once and not repeated. A capture on TAP then shows good checksums on replies; on the bridge they may stay partial.";
