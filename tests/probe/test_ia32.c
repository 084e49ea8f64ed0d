/* Calls of 32-bit programs, by the gate that 64-bit ones have too (int $0x80): each is reported as what it is and never as the 64-bit call of the same number. */
#include "base/schema.h"
#include "tests/probe/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)

/* Below 4 GiB, where such a call can point. */
struct low {
	char path[64], data[64];
	unsigned args[6], iov[2];
	unsigned char addr[16];
	unsigned long long where;
};

static long
call32(long nr, long a, long b, long c, long d, long e)
{
	long r;

	__asm__ volatile("int $0x80" : "=a"(r) : "a"(nr), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e) : "memory", "r8", "r9", "r10", "r11");
	return r;
}

#define LOW(member) (long)(uintptr_t)low->member
enum { IA32_WRITE = 4, IA32_UNLINK = 10, IA32_GETPID = 20, IA32_MKDIR = 39, IA32_SOCKETCALL = 102, IA32_LLSEEK = 140, IA32_WRITEV = 146, IA32_PREAD = 180, IA32_OPENAT = 295,
       IA32_OLDOLDUNAME = 59, IA32_TIMERFD_CREATE = 322 };

/* Calls, and the event, with its result, that each must give; NULL: none. */
static const struct test {
	const char *event;
	uint32_t param; /* this one is VALUE; 99: none is looked at */
	long long value;
} tests[] = {
	{ "openat", 1, -100 }, { "openat", 0, -ENOENT }, { "write", 0, 5 }, { "pread", 4, 0x500000001ll }, { "writev", 0, 5 }, { "lseek", 2, 0x200000003ll },
	{ "mkdir", 2, 0700 }, { "unlink", 0, -EISDIR }, { "timerfd_create", 1, 1 }, { "socket", 1, 2 }, { "connect", 0, -ECONNREFUSED }, { "syscall", 1, 39 },
};
enum { NTESTS = sizeof(tests) / sizeof(tests[0]) };

static void
mark(void)
{
	(void)syscall(SYS_write, -2, 0, 7);
}

static void
child(struct low *low)
{
	mark();
	long fd = call32(IA32_OPENAT, AT_FDCWD, LOW(path), O_RDWR | O_CREAT, 0600, 0);
	mark();
	(void)call32(IA32_OPENAT, AT_FDCWD, LOW(data) + 6, O_RDONLY, 0, 0);
	mark();
	(void)call32(IA32_WRITE, fd, LOW(data), 5, 0, 0);
	mark();
	(void)call32(IA32_PREAD, fd, LOW(data) + 32, 5, 1, 5);
	mark();
	low->iov[0] = (unsigned)LOW(data);
	low->iov[1] = 5;
	(void)call32(IA32_WRITEV, fd, LOW(iov), 1, 0, 0);
	mark();
	(void)call32(IA32_LLSEEK, fd, 2, 3, (long)(uintptr_t)&low->where, 0);
	mark();
	low->path[0] = 'd';
	(void)call32(IA32_MKDIR, LOW(path), 0700, 0, 0, 0);
	mark();
	(void)call32(IA32_UNLINK, LOW(path), 0, 0, 0, 0);
	mark();
	(void)call32(IA32_TIMERFD_CREATE, 1, 0, 0, 0, 0);
	mark();
	memcpy(low->args, (const unsigned[]){ 2, 1, 0 }, 12);
	low->args[0] = (unsigned)call32(IA32_SOCKETCALL, 1, LOW(args), 0, 0, 0);
	mark();
	memcpy(low->addr, (const unsigned char[]){ 2, 0, 0, 1, 127, 0, 0, 1 }, 8);
	low->args[1] = (unsigned)LOW(addr);
	low->args[2] = 16;
	(void)call32(IA32_SOCKETCALL, 3, LOW(args), 0, 0, 0);
	mark();
	(void)call32(IA32_GETPID, 0, 0, 0, 0, 0);
	mark();
	(void)call32(IA32_OLDOLDUNAME, 0, 0, 0, 0, 0); /* no 64-bit call: no event, least of all the one of exec, which has this number */
	mark();
	_exit(0);
}

static bool
has_gate(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(call32(IA32_GETPID, 0, 0, 0, 0, 0) == getpid() ? 0 : 1);
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool
check(size_t i, const struct sk_event *ev)
{
	const struct test *t = i < NTESTS ? &tests[i] : NULL;
	bool ok = t && strcmp(ev->desc->name, t->event) == 0 && (t->param == 99 || sk_ev_int(ev, t->param, -1) == t->value);

	if (!ok)
		fprintf(stderr, "call %zu: event %s with %lld instead of %s with %lld\n", i, ev->desc->name, t ? (long long)sk_ev_int(ev, t->param, -1) : 0, t ? t->event : "none",
			t ? t->value : 0);
	return ok;
}

int
main(void)
{
	struct low *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	char dir[] = "/tmp/saker-ia32-XXXXXX", command[64];
	size_t i = (size_t)-1, seen = 0, wrong = 0;
	struct sk_event ev;
	struct watch w;

	if (!has_gate()) {
		printf("skipped: this kernel takes no 32-bit calls (CONFIG_IA32_EMULATION)\n");
		return 77;
	}
	if (low == MAP_FAILED || !mkdtemp(dir) || chdir(dir) < 0)
		return 1;
	memcpy(low->path, "file", 5);
	memcpy(low->data, "hello\0none", 11);
	watch_open(&w, SK_WANT_ALL, 8u << 20, NULL);
	watch_drain(&w);
	pid_t pid = fork();
	if (pid == 0)
		child(low);
	while (watch_next(&w, pid, 3, &ev)) {
		if (ev.type == SK_E_PROCEXIT_1_E)
			break;
		if (ev.type == SK_E_SYSCALL_WRITE_X && sk_ev_int(&ev, 2, 0) == -2) {
			i++;
		} else if (i != (size_t)-1 && i <= NTESTS && (ev.desc->category & SK_EC_SYSCALL)) {
			seen++;
			wrong += !check(i, &ev);
		}
	}
	(void)waitpid(pid, NULL, 0);
	watch_close(&w);
	(void)snprintf(command, sizeof(command), "rm -rf %s", dir);
	wrong += system(command) != 0;
	printf("%d calls, %zu seen, %zu wrong\n", NTESTS, seen, wrong);
	return wrong || seen != NTESTS;
}

#else

int
main(void)
{
	printf("skipped: only x86_64 has 32-bit calls that this test can make\n");
	return 77;
}

#endif
