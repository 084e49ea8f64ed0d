/* Small readers of /proc. Nobody outside this folder includes it. */
#ifndef SK_LIVE_PROCFS_H
#define SK_LIVE_PROCFS_H

#include "probe/live/internal.h"

#include <fcntl.h>

/* The first bytes of a file of directory DIR, NUL-terminated. The count, 0 when it cannot be read. */
size_t sk_proc_text(int dir, const char *name, char *out, size_t size);
/* Where a link leads to; not terminated. */
size_t sk_proc_link(int dir, const char *name, char *out, size_t size);
uint64_t sk_proc_number(int dir, const char *name, uint64_t otherwise);
int64_t sk_proc_fdlimit(int dir);
/* Path of a controller in the text of a cgroup file, up to the line's end; NULL when it is not there. */
const char *sk_proc_cgroup(const char *text, const char *controller);
/* What an anonymous inode is, by its name: "[eventfd]" and so on. */
enum sk_fd_type sk_proc_anon(const char *name);
/* When the machine started, ns since the epoch. */
uint64_t sk_proc_boot_ts(void);
/* host.c: machine, interfaces, users and groups. */
void sk_live_scan_host(const struct sk_list_sink *sink);

#endif
