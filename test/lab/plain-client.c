/*
 * LD_PRELOAD shim: a DHCP client that asks the kernel for PACKET_AUXDATA is told that there is no such thing, as on
 * systems and in builds that lack it. It then cannot know that a checksum is still to be filled in, and throws such
 * packets away, like ISC dhclient before 4.3.2 on Linux.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

typedef int (*setsockopt_fn)(int, int, int, const void *, socklen_t);

int setsockopt(int socket, int level, int option, const void *value, socklen_t length)
{
  if (level == SOL_PACKET && option == PACKET_AUXDATA) {
    errno = ENOPROTOOPT;
    return -1;
  }
  setsockopt_fn next = (setsockopt_fn)dlsym(RTLD_NEXT, "setsockopt");
  return next(socket, level, option, value, length);
}
