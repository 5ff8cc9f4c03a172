/**
 * The networks that record.mjs plays: a server and its guests, of which one stays and renews, one gives its lease back, one
 * vanishes without a word, and one has a lease without end. Versions are those of Debian 12.
 */

const LEASE = 40;

/** A guest of busybox udhcpc beside the one that matters. */
const udhcpc = (fate) => ({
  fate,
  program: "udhcpc 1.35.0",
  command: ({ script }) => `exec udhcpc -f -R -i eth0 -s ${script}`,
});

/** Lines about addresses; and journal entries without what is of this machine alone. */
const DHCP = "grep -E 'DHCPv4 client: |DHCPv4 address [0-9]|DHCP lease'";
const ANONYMOUS = String.raw`sed -E 's/"(_BOOT_ID|__CURSOR|__MONOTONIC_TIMESTAMP)":"[^"]*",?//g; s/,\}$/}/'`;

const networkdOf = (index, fate, level) => ({
  fate,
  program: "systemd-networkd 252",
  command: ({ write }) => {
    write(
      `eth0-${index}.network`,
      "[Match]\nName=eth0\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n[DHCPv4]\nHostname=guest\nUseDNS=no\n",
    );
    return `cp eth0-${index}.network /run/systemd/network/eth0.network
mkdir -p /run/systemd/netif /run/log/journal && chown -R systemd-network: /run/systemd/netif
/lib/systemd/systemd-journald & sleep 3; mount -t sysfs -o ro none /sys
SYSTEMD_LOG_TARGET=journal SYSTEMD_LOG_LEVEL=${level} /lib/systemd/systemd-networkd`;
  },
  collect: [
    `cp -p /run/systemd/netif/leases/* networkd-${fate}.lease`,
    `journalctl --directory /run/log/journal -o short -t systemd-networkd | ${DHCP} >networkd-${fate}.log`,
    `journalctl --directory /run/log/journal -o json --output-fields=MESSAGE,_HOSTNAME,SYSLOG_IDENTIFIER,_PID -t systemd-networkd | ${DHCP} | ${ANONYMOUS} >networkd-${fate}.journal`,
  ],
  logs: [`networkd-${fate}.log`, `networkd-${fate}.journal`],
  files: [{ path: `networkd-${fate}.lease`, form: "networkd" }],
});

const dhclient = (fate) => ({
  fate,
  program: "ISC dhclient 4.4.3-P1",
  command: ({ folder, script, write }) => {
    write("dhclient.conf", 'send host-name "guest";\n');
    return `exec dhclient -4 -d -v -cf ${folder}/dhclient.conf -lf ${folder}/dhclient-${fate}.leases -pf /run/dhclient.pid -sf ${script} eth0`;
  },
  log: `dhclient-${fate}.log`,
  files: [{ path: `dhclient-${fate}.leases`, form: "dhclient" }],
});

export const networks = [
  {
    name: "kea-networkd",
    program: "Kea 2.2.0",
    log: { stamps: false, omit: /DHCPSRV_|HOSTS_|EVAL_|MULTI_THREADING/ },
    server: ({ net, folder, forever, write }) => {
      const Dhcp4 = {
        "interfaces-config": { interfaces: ["br0"] },
        "lease-database": { type: "memfile", persist: true, name: `${folder}/kea.csv`, "lfc-interval": 0 },
        "valid-lifetime": LEASE,
        "expired-leases-processing": { "reclaim-timer-wait-time": 5 },
        "client-classes": [
          { name: "forever", test: `pkt4.mac == 0x${forever.replaceAll(":", "")}`, "valid-lifetime": 0xffff_ffff },
        ],
        subnet4: [{ subnet: `${net}.0/24`, pools: [{ pool: `${net}.100 - ${net}.150` }] }],
        loggers: [{ name: "kea-dhcp4", output_options: [{ output: "stdout" }], severity: "INFO" }],
      };
      write("kea.json", JSON.stringify({ Dhcp4 }));
      return `KEA_LOCKFILE_DIR=/run KEA_PIDFILE_DIR=/run exec kea-dhcp4 -c ${folder}/kea.json`;
    },
    files: [{ path: "kea.csv", form: "kea", of: "server" }],
    guests: [networkdOf(0, "stays", "debug"), udhcpc("released"), udhcpc("vanished"), networkdOf(3, "forever", "info")],
  },
  {
    name: "udhcpd-dhcpcd",
    program: "udhcpd 1.35.0",
    server: ({ net, folder, write }) => {
      write(
        "udhcpd.conf",
        `start ${net}.100\nend ${net}.150\ninterface br0\nlease_file ${folder}/udhcpd.leases\npidfile /run/udhcpd.pid
option subnet 255.255.255.0\noption lease ${LEASE}\nmin_lease 10\nauto_time 0\n`,
      );
      write("udhcpd.leases", "");
      return `exec udhcpd -f ${folder}/udhcpd.conf`;
    },
    flush: "USR1",
    files: [{ path: "udhcpd.leases", form: "udhcpd", of: "server" }],
    guests: [
      {
        fate: "stays",
        program: "dhcpcd 9.4.1",
        command: ({ folder, write }) => {
          write("dhcpcd.conf", "hostname guest\nduid\npersistent\nnoipv6\nnoipv4ll\noption subnet_mask, routers\n");
          return `exec dhcpcd -B -4 -d -f ${folder}/dhcpcd.conf -c /bin/true eth0`;
        },
        log: "dhcpcd.log",
        files: [{ path: "eth0.lease", form: "dhcpcd" }],
      },
      udhcpc("released"),
      udhcpc("vanished"),
    ],
  },
  {
    name: "dnsmasq-udhcpc",
    program: "dnsmasq 2.90",
    log: {
      omit: / (?:sent size|requested options|next server|available DHCP|vendor class|client provides|tags|DHCP range|no previous)/,
    },
    server: ({ net, folder, forever }) =>
      `exec dnsmasq -k --conf-file=/dev/null --log-facility=- --port=0 --log-dhcp --interface=br0 --bind-interfaces --user=root --pid-file=/run/dnsmasq.pid --dhcp-leasefile=${folder}/dnsmasq.leases --dhcp-range=${net}.100,${net}.150,120 --dhcp-host=${forever},infinite`,
    files: [{ path: "dnsmasq.leases", form: "dnsmasq", of: "server" }],
    guests: [
      { ...udhcpc("stays"), log: "udhcpc.log" },
      udhcpc("released"),
      udhcpc("vanished"),
      { ...udhcpc("forever"), log: "udhcpc-forever.log" },
    ],
  },
  {
    name: "dhcpd-dhclient",
    program: "ISC dhcpd 4.4.3-P1",
    server: ({ net, folder, forever, write }) => {
      write(
        "dhcpd.conf",
        `authoritative; ddns-update-style none; ping-check false;
min-lease-time ${LEASE}; default-lease-time ${LEASE}; max-lease-time ${LEASE};
class "forever" { match if hardware = 1:${forever}; min-lease-time -1; default-lease-time -1; max-lease-time -1; }
subnet ${net}.0 netmask 255.255.255.0 { range ${net}.100 ${net}.150; }
`,
      );
      write("dhcpd.leases", "");
      return `exec dhcpd -4 -d -f -user root -cf ${folder}/dhcpd.conf -lf ${folder}/dhcpd.leases -pf /run/dhcpd.pid br0`;
    },
    files: [{ path: "dhcpd.leases", form: "dhcpd", of: "server" }],
    guests: [dhclient("stays"), udhcpc("released"), udhcpc("vanished"), dhclient("forever")],
  },
];

/** What clients ask of their script: the address. dhclient tells the occasion by its environment, udhcpc by an argument. */
export const SCRIPT = `#!/bin/sh
case \${reason:-$1} in
PREINIT | deconfig) ip link set "$interface" up; ip -4 address flush dev "$interface" ;;
BOUND | REBOOT | RENEW | REBIND) ip -4 address replace "$new_ip_address/24" dev "$interface" ;;
bound | renew) ip -4 address replace "$ip/24" dev "$interface" ;;
EXPIRE | FAIL | RELEASE | STOP) ip -4 address flush dev "$interface" ;;
esac
exit 0
`;
