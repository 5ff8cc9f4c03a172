/** What a frame carries (IANA, IEEE 802 numbers). Link layers with numbers of their own translate them into these. */
export const EtherType = { IPV4: 0x0800, ARP: 0x0806, IPV6: 0x86dd } as const;
