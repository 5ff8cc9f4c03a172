import type { Remedy } from "./remedy.js";

/** A host that is too busy to answer: find what starves it, bound that, or give the server a share of its own. */

/**
 * @param span when the server stood still, as journalctl takes it; null: not known
 */
export function findLoad(span: { readonly from: string; readonly to: string } | null): Remedy {
  const { from, to } = span ?? { from: "FROM", to: "TO" };
  return {
    id: "find-load",
    title: "See what kept the server's host busy at that time",
    command: `journalctl -S '${from}' -U '${to}'; systemd-cgtop -b -n 2 --order=io`,
    what: "On the server's host. Its log names backups, hung tasks, memory that ran out; the second command shows which guest or service uses the disks now (sar, where it runs, knows the past).",
    appliesWhen: "the server, or the way to it, stood still for a time.",
    limits:
      "It only shows what to look into; how to bound that: leasetap explain limit-backup-io. What happened inside of guests is in their own logs.",
    undo: null,
    check: "What is found fits the time of the silence.",
  };
}

const UNDER_LOAD = "During the next backup or load peak renewals are answered within milliseconds.";

export const relieveHost: Remedy = {
  id: "limit-guest-disk",
  title: "Bound the disk traffic of the guest that starves the server",
  command: "virsh blkdeviotune GUEST DISK --total-bytes-sec 50000000 --live",
  what: "Here to 50 MB/s (DISK as virsh domblklist GUEST shows it).",
  appliesWhen: "another guest of the server's host was reading or writing hard at that time.",
  limits:
    "Treats the load, not the server. Packets alone do not tell what kept the host busy: look before you throttle. With --live it ends with the guest; --config keeps it.",
  undo: "virsh blkdeviotune GUEST DISK --total-bytes-sec 0 --live",
  check: UNDER_LOAD,
};

export const limitService: Remedy = {
  id: "limit-backup-io",
  title: "Bound the disk traffic of the backup (io.max)",
  command:
    "systemctl set-property UNIT IOReadBandwidthMax='/dev/DISK 50M' IOWriteBandwidthMax='/dev/DISK 50M' CPUWeight=20",
  what: "Sets io.max of the control group of a service or scope (UNIT: backup.service, or a guest's machine-qemu... scope, as systemctl status shows it) for one disk of the host, here to 50 MB/s each way.",
  appliesWhen: "a backup or another job on the server's host was reading or writing hard at that time.",
  limits:
    "A hard limit: the job is slow even where the disk is idle. Needs control groups version 2 with the io controller. Writes that wait in memory are charged to the group only on file systems that support it (ext4, btrfs, xfs).",
  undo: "systemctl set-property UNIT IOReadBandwidthMax= IOWriteBandwidthMax= CPUWeight=",
  check: `cat /sys/fs/cgroup/system.slice/UNIT/io.max shows the limit. ${UNDER_LOAD}`,
};

export const weighService: Remedy = {
  id: "weigh-backup-io",
  title: "Let the backup yield (io.weight)",
  command: "systemctl set-property UNIT IOWeight=20 CPUWeight=20",
  what: "Gives a service or scope a fifth of the usual weight (100) where it competes for disk and CPU; alone it is as fast as before.",
  appliesWhen: "such a job should use what is left over rather than a fixed rate.",
  limits:
    "Weighs only against groups below the same slice: a service in system.slice against other services, not against the guests in machine.slice. IOWeight needs the bfq scheduler or iocost (io.cost.qos); with the scheduler none or mq-deadline alone it does nothing.",
  undo: "systemctl set-property UNIT IOWeight= CPUWeight=",
  check: `cat /sys/block/DISK/queue/scheduler shows [bfq], or /sys/fs/cgroup/io.cost.qos says enable=1. ${UNDER_LOAD}`,
};

export const protectServer: Remedy = {
  id: "server-slice",
  title: "Give the DHCP server a slice of its own",
  command:
    "mkdir -p /etc/systemd/system/UNIT.d && printf '[Service]\\nSlice=dhcp.slice\\n' > /etc/systemd/system/UNIT.d/slice.conf && systemctl daemon-reload && systemctl set-property dhcp.slice CPUWeight=1000 IOWeight=1000 MemoryLow=64M && systemctl restart UNIT",
  what: "Moves the DHCP server (UNIT: dnsmasq.service, isc-dhcp-server.service, kea-dhcp4-server.service) into a slice beside system.slice and machine.slice, with ten times their weight and memory that is taken from it last, so that a busy host still answers.",
  appliesWhen: "the server runs on the same host as the load that delays it.",
  limits:
    "Restarts the server once. IOWeight needs bfq or iocost, as for any weight. libvirt's own dnsmasq runs within the unit of its daemon (virtnetworkd.service or libvirtd.service). A server that syncs each lease to disk (dhcpd, Kea) still waits for that disk: put its lease file on another one. Does not help if the host stops altogether.",
  undo: "rm /etc/systemd/system/UNIT.d/slice.conf && systemctl revert dhcp.slice && systemctl daemon-reload && systemctl restart UNIT",
  check:
    "systemctl show -p Slice UNIT says dhcp.slice, and the server's latency in leasetap's server record stays at its usual value under load.",
};
