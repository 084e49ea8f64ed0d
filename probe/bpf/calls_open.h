/* Calls that open files. */
#ifndef SK_CALLS_OPEN_H
#define SK_CALLS_OPEN_H

#include "call.h"

static __always_inline struct opened
result_file(struct sk_scratch *s)
{
	use_fd(s, RET);
	return opened_file(RET);
}

CALL(open, SYSCALL_OPEN_X)
{
	struct opened o = result_file(s);

	PUT_RET();
	PUT_STR(0);
	put_u32(s, open_flags(ARG32(1)) | o.flags);
	put_u32(s, open_mode(ARG32(1), ARG32(2)));
	put_u32(s, o.dev);
	put_u64(s, o.ino);
}

CALL(creat, SYSCALL_CREAT_X)
{
	struct opened o = result_file(s);

	PUT_RET();
	PUT_STR(0);
	put_u32(s, ARG32(1) & 07777u);
	put_u32(s, o.dev);
	put_u64(s, o.ino);
	put_u16(s, (o.flags & FD_UPPER_ ? 1 : 0) | (o.flags & FD_LOWER_ ? 2 : 0));
}

CALL(openat, SYSCALL_OPENAT_2_X)
{
	struct opened o = result_file(s);

	PUT_RET();
	PUT_FD(0);
	PUT_STR(1);
	put_u32(s, open_flags(ARG32(2)) | o.flags);
	put_u32(s, open_mode(ARG32(2), ARG32(3)));
	put_u32(s, o.dev);
	put_u64(s, o.ino);
}

struct open_how_ {
	__u64 flags, mode, resolve;
};

CALL(openat2, SYSCALL_OPENAT2_X)
{
	struct opened o = result_file(s);
	struct open_how_ how = { 0 };

	bpf_probe_read_user(&how, sizeof(how), (void *)ARG(2));
	PUT_RET();
	PUT_FD(0);
	PUT_STR(1);
	put_u32(s, open_flags((__u32)how.flags) | o.flags);
	put_u32(s, open_mode((__u32)how.flags, (__u32)how.mode));
	put_u32(s, openat2_resolve((__u32)how.resolve));
	put_u32(s, o.dev);
	put_u64(s, o.ino);
}

CALL(open_by_handle_at, SYSCALL_OPEN_BY_HANDLE_AT_X)
{
	struct opened o = result_file(s);
	struct file *f = file_of(RET);

	PUT_RET();
	PUT_FD(0);
	put_u32(s, open_flags(ARG32(2)) | o.flags);
	put_path(s, f ? (__u64)GET(f, f_path.dentry) : 0, f ? (__u64)GET(f, f_path.mnt) : 0);
	put_u32(s, o.dev);
	put_u64(s, o.ino);
}

#endif
