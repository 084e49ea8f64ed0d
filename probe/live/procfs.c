#include "probe/live/procfs.h"

#include <string.h>
#include <time.h>

size_t
sk_proc_text(int dir, const char *name, char *out, size_t size)
{
	SK_AUTO_CLOSE int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	size_t n = 0;

	while (fd >= 0 && n + 1 < size) {
		ssize_t r = read(fd, out + n, size - 1 - n);

		if (r <= 0)
			break;
		n += (size_t)r;
	}
	out[n] = '\0';
	return n;
}

size_t
sk_proc_link(int dir, const char *name, char *out, size_t size)
{
	ssize_t n = readlinkat(dir, name, out, size);

	return n > 0 ? (size_t)n : 0;
}

uint64_t
sk_proc_number(int dir, const char *name, uint64_t otherwise)
{
	char text[32];

	return sk_proc_text(dir, name, text, sizeof(text)) ? strtoull(text, NULL, 10) : otherwise;
}

int64_t
sk_proc_fdlimit(int dir)
{
	char text[4096];
	const char *p = sk_proc_text(dir, "limits", text, sizeof(text)) ? strstr(text, "Max open files") : NULL;

	return p ? strtoll(p + strlen("Max open files"), NULL, 10) : 0;
}

const char *
sk_proc_cgroup(const char *text, const char *controller)
{
	size_t n = strlen(controller);

	for (const char *p = text; p && *p; p = strchr(p, '\n'), p = p ? p + 1 : NULL) {
		const char *list = strchr(p, ':'), *end = list ? strchr(list + 1, ':') : NULL;

		for (const char *c = list ? list + 1 : NULL; c && end && c < end; c = memchr(c, ',', (size_t)(end - c)), c = c ? c + 1 : NULL)
			if (strncmp(c, controller, n) == 0 && (c[n] == ',' || c + n == end))
				return end + 1;
	}
	return NULL;
}

enum sk_fd_type
sk_proc_anon(const char *name)
{
	static const struct {
		const char *name;
		enum sk_fd_type type;
	} known[] = { { "[eventfd", SK_FD_EVENT },   { "[signalfd", SK_FD_SIGNALFD }, { "[eventpoll", SK_FD_EVENTPOLL },	 { "inotify", SK_FD_INOTIFY },
		      { "[timerfd", SK_FD_TIMERFD }, { "bpf-", SK_FD_BPF },	      { "[userfaultfd", SK_FD_USERFAULTFD }, { "[io_uring", SK_FD_IOURING },
		      { "[pidfd", SK_FD_PIDFD } };

	for (size_t i = 0; i < SK_COUNTOF(known); i++)
		if (strncmp(name, known[i].name, strlen(known[i].name)) == 0)
			return known[i].type;
	return SK_FD_UNSUPPORTED;
}

uint64_t
sk_proc_boot_ts(void)
{
	struct timespec up, now;

	(void)clock_gettime(CLOCK_BOOTTIME, &up);
	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)(now.tv_sec - up.tv_sec) * 1000000000ull + (uint64_t)now.tv_nsec - (uint64_t)up.tv_nsec;
}
