#!/usr/bin/env bash
# Installs what the tests need and runs every check: from a fresh machine with Node and npm to the last test.
# As root on Debian or Ubuntu it installs missing packages; elsewhere it names them, and their tests are skipped.
# Under CI=true nothing may be missing.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin

# What must be there (a command, or a header by its full name), and the Debian package that brings it.
needs=(
  "tcpdump tcpdump"
  "tshark tshark"
  "lz4 lz4"
  "zstd zstd"
  "dhclient isc-dhcp-client"
  "dhcpd isc-dhcp-server"
  "dnsmasq dnsmasq-base"
  "ip iproute2"
  "iptables iptables"
  "nft nftables"
  "ethtool ethtool"
  "sysctl procps"
  "qemu-system-x86_64 qemu-system-x86"
  "ovs-vswitchd openvswitch-switch"
  "systemd-analyze systemd"
  "/usr/include/pcap/pcap.h libpcap-dev"
  "c++ g++"
  "make make"
  "python3 python3"
  "man man-db"
  "groff groff-base"
  "script bsdutils"
  "mandoc mandoc"
  "zsh zsh"
  "fish fish"
)

missing_packages() {
  local need
  for need in "$@"; do
    case $need in
      /*) [ -e "${need% *}" ] || echo "${need#* }" ;;
      *) command -v "${need% *}" >/dev/null || echo "${need#* }" ;;
    esac
  done
}

# The packages of servers start them; tests start their own. The guard is policy-rc.d(8): 101 is "not allowed".
install_packages() (
  guard=/usr/sbin/policy-rc.d
  if [ -e $guard ]; then mv $guard $guard.before-leasetap; fi
  trap 'rm -f $guard; if [ -e $guard.before-leasetap ]; then mv $guard.before-leasetap $guard; fi' EXIT
  printf '#!/bin/sh\nexit 101\n' >$guard
  chmod +x $guard
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  apt-get install -q -y --no-install-recommends "$@"
)

step() {
  printf '\n== %s\n' "$*"
  "$@"
}

node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' || {
  echo "leasetap needs Node 20.19 or newer; this is $(node --version)" >&2
  exit 1
}

mapfile -t missing < <(missing_packages "${needs[@]}")
if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  step install_packages "${missing[@]}" || echo "not all of them could be installed"
  mapfile -t missing < <(missing_packages "${needs[@]}")
fi
if [ ${#missing[@]} -gt 0 ]; then
  echo "missing Debian packages: ${missing[*]}"
  if [ "${CI:-}" = true ]; then
    echo "CI runs every test: install them, or run this as root on Debian" >&2
    exit 1
  fi
  echo "the tests that need them will be skipped"
fi

# cap is compiled against Node's headers: those installed beside node save a download.
headers=()
prefix=$(dirname "$(dirname "$(command -v node)")")
if [ "$(npm config get nodedir 2>/dev/null)" = undefined ] && [ -e "$prefix/include/node/node_api.h" ]; then
  headers=(env "npm_config_nodedir=$prefix")
fi

step "${headers[@]}" npm ci --prefer-offline --include=dev --include=optional
step npm run check
