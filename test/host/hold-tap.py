"""Holds a tap open as a virtual machine does: hold-tap.py TAP OFFLOAD [words that only look like a command line ...]

OFFLOAD is what TUNSETOFFLOAD is told: 1 (TUN_F_CSUM) for virtio, 0 for an emulated card. Ends with its standard input.
"""

import fcntl
import os
import struct
import sys

TUNSETIFF, TUNSETOFFLOAD = 0x400454CA, 0x400454D0
IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x0002, 0x1000, 0x4000

tap = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", sys.argv[1].encode(), IFF_TAP | IFF_NO_PI | IFF_VNET_HDR))
fcntl.ioctl(tap, TUNSETOFFLOAD, int(sys.argv[2]))
print("ready", flush=True)
sys.stdin.read()
