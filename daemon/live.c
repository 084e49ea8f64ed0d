#include "daemon/live.h"

#include "base/attr.h"
#include "base/schema.h"
#include "daemon/runtime/discover.h"
#include "daemon/log.h"
#include "probe/live/live.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#define RING_UNIT (512u << 10)
#define RING_PRESET_MAX 10u
/* Between two looks at the counters of losses; the clock is asked for it after so many events, or when none comes. */
#define REPORT_NS 1000000000ull
#define REPORT_EVENTS 1024u
/* What is in the rings at the end is read for so long. */
#define REST_NS 1000000000ull

struct sk_live_source {
	struct sk_live *probe;
	struct sk_engine *engine;
	uint64_t num, reported, report_at, rest_until, clock_steps;
	uint8_t want[SK_EVENT_LIMIT];
	struct sk_discovery *containers; /* NULL: not looked for */
	struct sk_event held;            /* waits for the descriptions of containers that go before it */
	bool holds, begun;
};

static void
warn(void *arg, const char *text)
{
	(void)arg;
	sk_log(SK_PRIO_WARNING, "%s", text);
}

/* Events without which the state of threads goes wrong. Descriptors are not among them: events carry what they need of them. */
static void
want_state(uint8_t *want)
{
	static const uint16_t needed[] = { SK_E_SYSCALL_EXECVE_19_X, SK_E_SYSCALL_CLONE_20_X, SK_E_PROCEXIT_1_E,   SK_E_SYSCALL_CHDIR_X,	 SK_E_SYSCALL_FCHDIR_X,
					   SK_E_SYSCALL_CHROOT_X,    SK_E_SYSCALL_SETSID_X,   SK_E_SYSCALL_CAPSET_X };

	for (size_t i = 0; i < SK_COUNTOF(needed); i++)
		if (want[needed[i]] == SK_WANT_NONE)
			want[needed[i]] = SK_WANT_STATE;
}

/* An event type is wanted if a program of the bundle can match it; failed calls if the bundle does not say that none of them can. */
static void
want_rules(uint8_t *want, const struct sk_bundle_view *v)
{
	const uint32_t *programs = v->dispatch + (size_t)SK_SOURCE_SYSCALL * SK_EVENT_LIMIT;

	for (uint32_t t = 0; t < SK_EVENT_LIMIT; t++)
		if (programs[t])
			want[t] = SK_WANT_ALL;
	for (uint32_t i = 0; i < v->ninterest; i++) {
		const struct sk_interest_def *d = &v->interest[i];

		if (d->source == SK_SOURCE_SYSCALL && d->event < SK_EVENT_LIMIT && want[d->event] && d->need != SK_NEED_ALL)
			want[d->event] = d->need == SK_NEED_OLD ? SK_WANT_NONE : SK_WANT_SUCCESS;
	}
}

/* Other readers of a capture have nothing but events to keep descriptors right: all there are. */
static void
want_all(uint8_t *want)
{
	for (uint32_t t = 0; t < SK_EVENT_LIMIT; t++)
		want[t] = SK_WANT_ALL;
}

static void introduce(struct sk_live_source *s, const struct sk_event *ev);

/* /proc first: it has the descriptors, too. */
static void
on_thread(void *arg, const struct sk_event *ev)
{
	struct sk_live_source *s = arg;

	introduce(s, ev);
	sk_state_introduce(sk_engine_state(s->engine), ev);
}

static int
attach(struct sk_live_source *s, uint32_t preset, char *reterr, size_t n)
{
	struct sk_live_error err = { "" };
	struct sk_live_opts opts = { .sz = sizeof(opts), .want = s->want, .warn = warn, .thread = on_thread, .arg = s, .ring_bytes = RING_UNIT << preset,
				     .break_program = getenv("SAKER_TEST_BREAK_PROGRAM") };
	int r;

	if (preset < 1 || preset > RING_PRESET_MAX) {
		(void)snprintf(reterr, n, "engine.modern_ebpf.buf_size_preset: 1 to %u, not %u", RING_PRESET_MAX, preset);
		return -EINVAL;
	}
	r = sk_live_open(&opts, &s->probe, &err);
	if (r < 0)
		(void)snprintf(reterr, n, "%s", err.text);
	return r;
}

/* An empty folder can be read, too. */
static int
proc_there(char *reterr, size_t n)
{
	if (access("/proc/self/stat", R_OK) == 0)
		return 0;
	(void)snprintf(reterr, n, "/proc is not there: live detection needs it to know the processes that run already");
	return -ENOENT;
}

static uint32_t
engines_of(const struct sk_config *c)
{
	return (c->docker_enabled ? SK_ENGINE_DOCKER : 0u) | (c->podman_enabled ? SK_ENGINE_PODMAN : 0u) | (c->containerd_enabled ? SK_ENGINE_CONTAINERD : 0u) |
	       (c->crio_enabled ? SK_ENGINE_CRIO : 0u) | (c->lxc_enabled ? SK_ENGINE_LXC : 0u) | (c->libvirt_lxc_enabled ? SK_ENGINE_LIBVIRT : 0u) |
	       (c->bpm_enabled ? SK_ENGINE_BPM : 0u) | (c->oci_enabled ? SK_ENGINE_OCI : 0u);
}

static int
find_containers(struct sk_live_source *s, const struct sk_config *c, char *reterr, size_t n)
{
	const struct sk_runtime_opts opts = { .sz = sizeof(opts), .host_root = getenv("HOST_ROOT"), .engines = engines_of(c) };
	int r = opts.engines ? sk_discovery_new(&opts, sk_engine_state(s->engine), &s->containers) : 0;

	if (r < 0)
		(void)snprintf(reterr, n, "HOST_ROOT, %s: %s", opts.host_root ? opts.host_root : "/", strerror(-r));
	return r;
}

int
sk_live_source_open(const struct sk_config *c, struct sk_engine *e, const struct sk_list_sink *sink, bool all, struct sk_live_source **ret, char *reterr, size_t n)
{
	struct sk_live_source *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return -ENOMEM;
	s->engine = e;
	want_rules(s->want, sk_engine_bundle(e));
	want_state(s->want);
	if (all)
		want_all(s->want);
	r = proc_there(reterr, n);
	if (r == 0)
		r = find_containers(s, c, reterr, n);
	if (r == 0)
		r = attach(s, c->ring_preset, reterr, n);
	if (r == 0 && (r = sk_live_scan(sink)) < 0)
		(void)snprintf(reterr, n, "/proc cannot be read: %s", strerror(-r));
	if (r < 0) {
		sk_live_close(s->probe);
		sk_discovery_free(s->containers);
		free(s);
		return r;
	}
	sk_log(SK_PRIO_INFORMATIONAL, "live detection by eBPF: %llu threads known",
	       (unsigned long long)sk_state_stats(sk_engine_state(e))->threads);
	*ret = s;
	return 0;
}

/* --- threads that nobody told of ------------------------------------------------------------------------------------------- */
static bool
brings_thread(uint16_t type)
{
	return type == SK_E_SYSCALL_CLONE_20_X || type == SK_E_SYSCALL_FORK_20_X || type == SK_E_SYSCALL_VFORK_20_X || type == SK_E_SYSCALL_CLONE3_X ||
	       type == SK_E_PROCEXIT_1_E;
}

/* /proc knows most; of a thread that is gone the event itself does. */
static void
introduce(struct sk_live_source *s, const struct sk_event *ev)
{
	struct sk_list_sink sink = sk_engine_sink(s->engine);
	struct sk_state *state = sk_engine_state(s->engine);

	if (!ev->facts || brings_thread(ev->type) || sk_state_knows(state, ev->tid))
		return;
	if (ev->facts->pid != ev->tid && !sk_state_knows(state, ev->facts->pid) && sk_live_scan_thread(&sink, ev->facts->pid, true))
		sk_state_join(state, ev->facts->pid);
	if (sk_live_scan_thread(&sink, ev->tid, ev->facts->pid == ev->tid))
		sk_state_join(state, ev->tid);
	else
		sk_state_learn(state, ev->tid, ev->facts);
}

/* --- losses ---------------------------------------------------------------------------------------------------------------- */
static const char *
class_of(uint32_t category)
{
	switch (category & 0xffu) {
	case SK_EC_FILE: return "file";
	case SK_EC_NET: return "net";
	case SK_EC_PROCESS: return "process";
	case SK_EC_IO_READ:
	case SK_EC_IO_WRITE:
	case SK_EC_IO_OTHER: return "io";
	case SK_EC_MEMORY: return "memory";
	case SK_EC_USER: return "user";
	case SK_EC_SIGNAL: return "signal";
	default: return "other";
	}
}

/* One line: how many by cause, then by class of event, the classes with most first in the order of the schema. */
static void
say_losses(struct sk_live_source *s, const struct sk_live_stats *st)
{
	static const char *const classes[] = { "file", "net", "process", "io", "memory", "user", "signal", "other" };
	uint64_t by_class[SK_COUNTOF(classes)] = { 0 };
	char text[512];
	int n = 0;

	for (uint32_t t = 0; t < SK_EVENT_LIMIT; t++)
		for (size_t i = 0; i < SK_COUNTOF(classes); i++)
			if (s->want[t] && strcmp(classes[i], class_of(sk_event_desc(t)->category)) == 0)
				by_class[i] += sk_live_lost_of(s->probe, t);
	for (size_t i = 0; i < SK_COUNTOF(classes); i++)
		if (by_class[i] && n >= 0 && (size_t)n < sizeof(text))
			n += snprintf(text + n, sizeof(text) - (size_t)n, " %s=%llu", classes[i], (unsigned long long)by_class[i]);
	sk_log(SK_PRIO_WARNING, "events lost: ring full %llu, too large %llu, no program %llu; by class:%s", (unsigned long long)st->lost[SK_LOSS_RING],
	       (unsigned long long)st->lost[SK_LOSS_SIZE], (unsigned long long)st->lost[SK_LOSS_PROGRAM], n > 0 ? text : " none");
}

static uint64_t
lost_of(const struct sk_live_stats *st)
{
	return st->lost[SK_LOSS_RING] + st->lost[SK_LOSS_SIZE] + st->lost[SK_LOSS_PROGRAM];
}

static void
report(struct sk_live_source *s)
{
	struct sk_live_stats st;

	sk_live_stats(s->probe, &st);
	if (lost_of(&st) > s->reported)
		say_losses(s, &st);
	s->reported = lost_of(&st);
	if (st.clock_steps > s->clock_steps)
		sk_log(SK_PRIO_NOTICE, "the clock was set %s by %.3f s: times of events follow", st.clock_step < 0 ? "back" : "forward",
		       (st.clock_step < 0 ? -1.0 : 1.0) * (double)st.clock_step / 1e9);
	s->clock_steps = st.clock_steps;
}

/* Of the clock that nobody sets. */
static uint64_t
now_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static void
report_now_and_then(struct sk_live_source *s)
{
	uint64_t now = now_ns();

	if (now < s->report_at)
		return;
	if (s->report_at)
		report(s);
	s->report_at = now + REPORT_NS;
}

/* --- events ---------------------------------------------------------------------------------------------------------------- */
/* The next of what goes before the event that is held, else that event itself. */
static int
give(struct sk_live_source *s, struct sk_event *ret)
{
	if (!s->containers || !sk_discovery_next(s->containers, s->held.ts, ret)) {
		*ret = s->held;
		s->holds = false;
	}
	ret->num = ++s->num;
	return 1;
}

static int
next_event(struct sk_live_source *s, struct sk_event *ret)
{
	if (s->holds)
		return give(s, ret);
	if (sk_live_next(s->probe, &s->held) == 0)
		return 0;
	introduce(s, &s->held);
	if (s->containers && !s->begun)
		sk_discovery_all(s->containers, s->held.ts);
	if (s->containers)
		sk_discovery_look(s->containers, &s->held);
	s->holds = s->begun = true;
	return give(s, ret);
}

int
sk_live_source_next(struct sk_live_source *s, struct sk_event *ret)
{
	int r = next_event(s, ret);

	if (r == 0 || s->num % REPORT_EVENTS == 0)
		report_now_and_then(s);
	if (r == 0)
		sk_live_wait(s->probe);
	return r;
}

void
sk_live_source_stop(struct sk_live_source *s)
{
	sk_live_stop(s->probe);
	s->rest_until = now_ns() + REST_NS;
}

int
sk_live_source_rest(struct sk_live_source *s, struct sk_event *ret)
{
	/* a record that a CPU was writing at the end is complete some microseconds later */
	for (int tries = 0; tries < 3 && now_ns() < s->rest_until; tries++) {
		if (next_event(s, ret))
			return 1;
		sk_live_wait(s->probe);
	}
	return 0;
}

static void
report_containers(const struct sk_live_source *s)
{
	const struct sk_discovery_stats *st = s->containers ? sk_discovery_stats(s->containers) : NULL;

	if (st && st->lookups)
		sk_log(SK_PRIO_INFORMATIONAL, "containers: %llu lookups, %llu found, %llu unknown, %llu refused; %llu us a lookup, at most %llu us",
		       (unsigned long long)st->lookups, (unsigned long long)st->found, (unsigned long long)st->unknown, (unsigned long long)st->refused,
		       (unsigned long long)(st->ns / st->lookups / 1000), (unsigned long long)(st->ns_max / 1000));
}

void
sk_live_source_close(struct sk_live_source *s)
{
	struct sk_live_stats st;

	if (!s)
		return;
	sk_live_stop(s->probe);
	report(s);
	sk_live_stats(s->probe, &st);
	sk_log(SK_PRIO_INFORMATIONAL, "live events: %llu sent by the kernel, %llu read, %llu lost", (unsigned long long)st.sent, (unsigned long long)st.read,
	       (unsigned long long)lost_of(&st));
	if (st.sent > st.read + lost_of(&st))
		sk_log(SK_PRIO_WARNING, "%llu events were not read when it ended", (unsigned long long)(st.sent - st.read - lost_of(&st)));
	report_containers(s);
	sk_discovery_free(s->containers);
	sk_live_close(s->probe);
	free(s);
}
