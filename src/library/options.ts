/** What every analysis takes. */
export interface RecordOptions {
  /**
   * Also give a record for each DHCP frame; they are then all kept in memory until the end. False unless it is given.
   */
  readonly frames?: boolean | undefined;
}
