/* Calls on paths. */
#ifndef SK_CALLS_PATH_H
#define SK_CALLS_PATH_H

#include "call.h"

CALL(chdir, SYSCALL_CHDIR_X)
{
	PUT_RET();
	PUT_STR(0);
}

CALL(chroot, SYSCALL_CHROOT_X)
{
	PUT_RET();
	PUT_STR(0);
}

CALL(getcwd, SYSCALL_GETCWD_X)
{
	PUT_RET();
	put_user_str(s, RET > 0 ? ARG(0) : 0);
}

CALL(unlink, SYSCALL_UNLINK_2_X)
{
	PUT_RET();
	PUT_STR(0);
}

CALL(unlinkat, SYSCALL_UNLINKAT_2_X)
{
	PUT_RET();
	PUT_FD(0);
	PUT_STR(1);
	put_u32(s, ARG32(2) & 0x200u);
}

CALL(rmdir, SYSCALL_RMDIR_2_X)
{
	PUT_RET();
	PUT_STR(0);
}

CALL(mkdir, SYSCALL_MKDIR_2_X)
{
	PUT_RET();
	PUT_STR(0);
	put_u32(s, ARG32(1));
}

CALL(mkdirat, SYSCALL_MKDIRAT_X)
{
	PUT_RET();
	PUT_FD(0);
	PUT_STR(1);
	put_u32(s, ARG32(2));
}

CALL(rename, SYSCALL_RENAME_X)
{
	PUT_RET();
	PUT_STR(0);
	PUT_STR(1);
}

CALL(renameat, SYSCALL_RENAMEAT_X)
{
	PUT_RET();
	PUT_FD(0);
	PUT_STR(1);
	PUT_FD(2);
	PUT_STR(3);
}

CALL(renameat2, SYSCALL_RENAMEAT2_X)
{
	PUT_RET();
	PUT_FD(0);
	PUT_STR(1);
	PUT_FD(2);
	PUT_STR(3);
	put_u32(s, ARG32(4));
}

CALL(link, SYSCALL_LINK_2_X)
{
	PUT_RET();
	PUT_STR(0);
	PUT_STR(1);
}

CALL(linkat, SYSCALL_LINKAT_2_X)
{
	PUT_RET();
	PUT_FD(0);
	PUT_STR(1);
	PUT_FD(2);
	PUT_STR(3);
	put_u32(s, ARG32(4) & 0x1400u);
}

CALL(symlink, SYSCALL_SYMLINK_X)
{
	PUT_RET();
	PUT_STR(0);
	PUT_STR(1);
}

CALL(symlinkat, SYSCALL_SYMLINKAT_X)
{
	PUT_RET();
	PUT_STR(0);
	PUT_FD(1);
	PUT_STR(2);
}

CALL(mknod, SYSCALL_MKNOD_X)
{
	PUT_RET();
	PUT_STR(0);
	put_u32(s, ARG32(1));
	put_u32(s, ARG32(2));
}

CALL(mknodat, SYSCALL_MKNODAT_X)
{
	PUT_RET();
	PUT_FD(0);
	PUT_STR(1);
	put_u32(s, ARG32(2));
	put_u32(s, ARG32(3));
}

CALL(chmod, SYSCALL_CHMOD_X)
{
	PUT_RET();
	PUT_STR(0);
	put_u32(s, ARG32(1) & 07777u);
}

CALL(fchmod, SYSCALL_FCHMOD_X)
{
	PUT_RET();
	PUT_FD(0);
	put_u32(s, ARG32(1) & 07777u);
}

CALL(fchmodat, SYSCALL_FCHMODAT_X)
{
	PUT_RET();
	PUT_FD(0);
	PUT_STR(1);
	put_u32(s, ARG32(2) & 07777u);
}

CALL(chown, SYSCALL_CHOWN_X)
{
	PUT_RET();
	PUT_STR(0);
	put_u32(s, ARG32(1));
	put_u32(s, ARG32(2));
}

CALL(lchown, SYSCALL_LCHOWN_X)
{
	PUT_RET();
	PUT_STR(0);
	put_u32(s, ARG32(1));
	put_u32(s, ARG32(2));
}

CALL(fchown, SYSCALL_FCHOWN_X)
{
	PUT_RET();
	PUT_FD(0);
	put_u32(s, ARG32(1));
	put_u32(s, ARG32(2));
}

CALL(fchownat, SYSCALL_FCHOWNAT_X)
{
	PUT_RET();
	PUT_FD(0);
	PUT_STR(1);
	put_u32(s, ARG32(2));
	put_u32(s, ARG32(3));
	put_u32(s, ARG32(4) & 0x1400u);
}

CALL(stat, SYSCALL_STAT_X)
{
	PUT_RET();
	PUT_STR(0);
}

CALL(lstat, SYSCALL_LSTAT_X)
{
	PUT_RET();
	PUT_STR(0);
}

CALL(newfstatat, SYSCALL_NEWFSTATAT_X)
{
	PUT_RET();
	PUT_FD(0);
	PUT_STR(1);
	put_u32(s, ARG32(3) & 0x1900u);
}

CALL(access, SYSCALL_ACCESS_X)
{
	PUT_RET();
	PUT_STR(0);
	put_u32(s, ARG32(1) & 7u);
}

CALL(mount, SYSCALL_MOUNT_X)
{
	PUT_RET();
	PUT_STR(0);
	PUT_STR(1);
	PUT_STR(2);
	put_u32(s, (ARG32(3) & 0xffff0000u) == 0xc0ed0000u ? ARG32(3) & 0xffffu : ARG32(3));
}

CALL(umount2, SYSCALL_UMOUNT2_X)
{
	PUT_RET();
	PUT_STR(0);
	put_u32(s, ARG32(1) & 0xfu);
}

#endif
