/* Calls that make, copy, close or steer descriptors. */
#ifndef SK_CALLS_FD_H
#define SK_CALLS_FD_H

#include "call.h"

static __always_inline void
put_pipe(struct sk_scratch *s)
{
	__s32 fds[2] = { -1, -1 };
	struct file *f = NULL;

	if (RET == 0) {
		bpf_probe_read_user(fds, sizeof(fds), (void *)ARG(0));
		f = file_of(fds[0]);
	}
	put_s64(s, fds[0]);
	put_s64(s, fds[1]);
	put_u64(s, f ? GET(f, f_inode, i_ino) : 0);
}

/* A value is bytes or text, as the command says. */
static __always_inline void
put_fsconfig_value(struct sk_scratch *s)
{
	if (ARG32(1) == 2)
		put_user(s, ARG(3), ARG32(4) & 0xfff);
	else
		put_empty(s);
	if (ARG32(1) == 1 || ARG32(1) == 3 || ARG32(1) == 4)
		PUT_STR(3);
	else
		put_empty(s);
}

CALL(close, SYSCALL_CLOSE_X)
{
	PUT_RET();
	PUT_FD(0);
}

CALL(close_range, SYSCALL_CLOSE_RANGE_X)
{
	PUT_RET();
	put_u32(s, ARG32(0));
	put_u32(s, ARG32(1));
	put_u32(s, ARG32(2) & 6u);
}

CALL(dup, SYSCALL_DUP_1_X)
{
	PUT_RET();
	PUT_FD(0);
}

CALL(dup2, SYSCALL_DUP2_X)
{
	PUT_RET();
	PUT_FD(0);
	put_s64(s, FD(1));
}

CALL(dup3, SYSCALL_DUP3_X)
{
	PUT_RET();
	PUT_FD(0);
	put_s64(s, FD(1));
	put_u32(s, BIT(ARG32(2), 02000000u, 1u << 12));
}

CALL(fcntl, SYSCALL_FCNTL_X)
{
	PUT_RET();
	PUT_FD(0);
	put_u8(s, fcntl_command(ARG32(1)));
	put_u64(s, ARG(2));
}

CALL(ioctl, SYSCALL_IOCTL_3_X)
{
	PUT_RET();
	PUT_FD(0);
	put_u64(s, ARG(1));
	put_u64(s, ARG(2));
}

CALL(lseek, SYSCALL_LSEEK_X)
{
	PUT_RET();
	PUT_FD(0);
	put_u64(s, ARG(1));
	put_u8(s, (__u8)ARG(2));
}

CALL(flock, SYSCALL_FLOCK_X)
{
	PUT_RET();
	PUT_FD(0);
	put_u32(s, flock_flags(ARG32(1)));
}

CALL(fchdir, SYSCALL_FCHDIR_X)
{
	PUT_RET();
	PUT_FD(0);
}

CALL(fstat, SYSCALL_FSTAT_X)
{
	PUT_RET();
	PUT_FD(0);
}

CALL(getdents, SYSCALL_GETDENTS_X)
{
	PUT_RET();
	PUT_FD(0);
}

CALL(getdents64, SYSCALL_GETDENTS64_X)
{
	PUT_RET();
	PUT_FD(0);
}

CALL(pipe, SYSCALL_PIPE_X)
{
	PUT_RET();
	put_pipe(s);
}

CALL(pipe2, SYSCALL_PIPE2_X)
{
	PUT_RET();
	put_pipe(s);
	put_u32(s, fd_flags(ARG32(1)));
}

CALL(eventfd, SYSCALL_EVENTFD_X)
{
	PUT_RET();
	put_u64(s, ARG32(0));
	put_u32(s, 0);
}

CALL(eventfd2, SYSCALL_EVENTFD2_X)
{
	PUT_RET();
	put_u16(s, (__u16)fd_flags(ARG32(1)));
	put_u64(s, ARG32(0));
}

CALL(signalfd, SYSCALL_SIGNALFD_X)
{
	PUT_RET();
	put_s64(s, FD(0));
	put_u32(s, 0);
	put_u8(s, 0);
}

CALL(signalfd4, SYSCALL_SIGNALFD4_X)
{
	PUT_RET();
	put_u16(s, (__u16)fd_flags(ARG32(3)));
	put_s64(s, FD(0));
	put_u32(s, 0);
}

CALL(timerfd_create, SYSCALL_TIMERFD_CREATE_X)
{
	PUT_RET();
	put_u8(s, (__u8)ARG(0));
	put_u8(s, (__u8)fd_flags(ARG32(1)));
}

CALL(inotify_init, SYSCALL_INOTIFY_INIT_X)
{
	PUT_RET();
	put_u8(s, 0);
}

CALL(inotify_init1, SYSCALL_INOTIFY_INIT1_X)
{
	PUT_RET();
	put_u16(s, (__u16)fd_flags(ARG32(0)));
}

CALL(epoll_create, SYSCALL_EPOLL_CREATE_X)
{
	PUT_RET();
	put_s32(s, (__s32)ARG(0));
}

CALL(epoll_create1, SYSCALL_EPOLL_CREATE1_X)
{
	PUT_RET();
	put_u32(s, BIT(ARG32(0), 02000000u, 1u));
}

CALL(userfaultfd, SYSCALL_USERFAULTFD_X)
{
	PUT_RET();
	put_u32(s, ARG32(0));
}

CALL(memfd_create, SYSCALL_MEMFD_CREATE_X)
{
	PUT_RET();
	PUT_STR(0);
	put_u32(s, ARG32(1) & 7u);
}

CALL(pidfd_open, SYSCALL_PIDFD_OPEN_X)
{
	PUT_RET();
	put_s64(s, FD(0));
	put_u32(s, BIT(ARG32(1), 04000u, 1u));
}

CALL(pidfd_getfd, SYSCALL_PIDFD_GETFD_X)
{
	PUT_RET();
	put_s64(s, FD(0));
	put_s64(s, FD(1));
	put_u32(s, ARG32(2));
}

CALL(setns, SYSCALL_SETNS_X)
{
	PUT_RET();
	PUT_FD(0);
	put_u32(s, clone_flags(ARG32(1)));
}

CALL(copy_file_range, SYSCALL_COPY_FILE_RANGE_X)
{
	PUT_RET();
	PUT_FD(2);
	put_u64(s, ARG(3));
	PUT_FD(0);
	put_u64(s, ARG(1));
	put_u64(s, ARG(4));
}

CALL(sendfile, SYSCALL_SENDFILE_X)
{
	PUT_RET();
	put_u64(s, first_user_word(ARG(2)));
	PUT_FD(0);
	PUT_FD(1);
	put_u64(s, ARG(3));
}

CALL(splice, SYSCALL_SPLICE_X)
{
	PUT_RET();
	PUT_FD(0);
	PUT_FD(2);
	put_u64(s, ARG(4));
	put_u32(s, ARG32(5) & 0xfu);
}

CALL(io_uring_enter, SYSCALL_IO_URING_ENTER_X)
{
	PUT_RET();
	PUT_FD(0);
	put_u32(s, ARG32(1));
	put_u32(s, ARG32(2));
	put_u32(s, ARG32(3) & 0xfu);
	put_u32(s, (__u32)first_user_word(ARG(4)));
}

CALL(io_uring_register, SYSCALL_IO_URING_REGISTER_X)
{
	PUT_RET();
	PUT_FD(0);
	put_u16(s, (__u16)ARG(1));
	put_u64(s, ARG(2));
	put_u32(s, ARG32(3));
}

CALL(fsconfig, SYSCALL_FSCONFIG_X)
{
	PUT_RET();
	PUT_FD(0);
	put_u32(s, ARG32(1));
	PUT_STR(2);
	put_fsconfig_value(s);
	put_s32(s, (__s32)ARG(4));
}

CALL(finit_module, SYSCALL_FINIT_MODULE_X)
{
	PUT_RET();
	PUT_FD(0);
	PUT_STR(1);
	put_u32(s, ARG32(2) & 7u);
}

#endif
