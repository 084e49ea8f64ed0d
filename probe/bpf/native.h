/* Numbers of the kernel's interface to programs (x86_64 and aarch64 alike unless said), which BTF does not have. */
#ifndef SK_NATIVE_H
#define SK_NATIVE_H

/* of bpf(2) */
#define BPF_MAP_TYPE_ARRAY 2
#define BPF_MAP_TYPE_PROG_ARRAY 3
#define BPF_MAP_TYPE_PERCPU_ARRAY 6
#define BPF_MAP_TYPE_ARRAY_OF_MAPS 12
#define BPF_MAP_TYPE_RINGBUF 27
#define BPF_MAP_TYPE_TASK_STORAGE 29
#define BPF_F_NO_PREALLOC 1
#define BPF_LOCAL_STORAGE_GET_F_CREATE 1
#define BPF_RB_NO_WAKEUP 1

#define TS_COMPAT_ 2u
#define PF_KTHREAD_ 0x00200000u
#define PF_IO_WORKER_ 0x00000010u
#define SIGNAL_GROUP_EXIT_ 4u

/* Flags of open that architectures number for themselves. */
#if defined(__TARGET_ARCH_arm64)
#define O_DIRECTORY_ 040000u
#define O_DIRECT_ 0200000u
#define O_LARGEFILE_ 0400000u
#else
#define O_DIRECTORY_ 0200000u
#define O_DIRECT_ 040000u
#define O_LARGEFILE_ 0100000u
#endif
#define O_TMPFILE_ (020000000u | O_DIRECTORY_)

#define AT_FDCWD_ (-100)
#define AT_EMPTY_PATH_ 0x1000
#define S_IFMT_ 0170000
#define S_IFSOCK_ 0140000
#define S_IFREG_ 0100000
#define S_IFDIR_ 0040000
#define S_IFIFO_ 0010000
#define FMODE_CREATED_ 0x100000u
#define OVERLAYFS_MAGIC_ 0x794c7630u

#define AF_UNIX_ 1
#define AF_INET_ 2
#define AF_INET6_ 10
#define AF_NETLINK_ 16
#define SOCK_STREAM_ 1
#define SOCK_DGRAM_ 2
#define SOCK_RAW_ 3
#define TCP_LISTEN_ 10
#define EINPROGRESS_ 115

#define RLIMIT_NOFILE_ 7

#endif
