"""Holds a tap open as a virtual machine does: hold-tap.py TAP OFFLOAD HEADER [words that look like a command line ...]

OFFLOAD is what TUNSETOFFLOAD is told: 7 (TUN_F_CSUM, TSO4, TSO6) for virtio, 0 for an emulated card. HEADER says
whether frames come with a vnet header: 1 or 0. Each line of standard input is another OFFLOAD; it ends with its input.
"""

import fcntl
import os
import struct
import sys

TUNSETIFF, TUNSETOFFLOAD = 0x400454CA, 0x400454D0
IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x0002, 0x1000, 0x4000

tap = os.open("/dev/net/tun", os.O_RDWR)
flags = IFF_TAP | IFF_NO_PI | (IFF_VNET_HDR if sys.argv[3] == "1" else 0)
fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", sys.argv[1].encode(), flags))
fcntl.ioctl(tap, TUNSETOFFLOAD, int(sys.argv[2]))
print("ready", flush=True)
for line in sys.stdin:
    fcntl.ioctl(tap, TUNSETOFFLOAD, int(line))
    print("ready", flush=True)
