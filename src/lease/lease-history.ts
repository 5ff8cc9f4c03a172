import type { Grant } from "./cycle.js";

/** What is known of leases from before the capture. */
export interface LeaseHistory {
  /**
   * The grant that a request is to renew.
   *
   * @param client hardware address with colons
   * @param address IPv4, in network order
   * @param time of the request, seconds since 1970
   */
  grantBefore(client: string, address: number, time: number): Grant | null;
}
