#include "daemon/live.h"

#include "base/schema.h"
#include "daemon/log.h"
#include "probe/live/live.h"

#include <errno.h>
#include <string.h>

#define RING_UNIT (512u << 10)
#define RING_PRESET_MAX 10u
/* Between two looks at the counters of losses. */
#define REPORT_NS 1000000000ull

struct sk_live_source {
	struct sk_live *probe;
	struct sk_engine *engine;
	uint64_t num, reported, report_at;
	uint8_t want[SK_EVENT_LIMIT];
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

		if (d->source == SK_SOURCE_SYSCALL && d->event < SK_EVENT_LIMIT && want[d->event] && !d->need_failed)
			want[d->event] = SK_WANT_SUCCESS;
	}
}

/* Other readers of a capture have nothing but events to keep descriptors right: all there are. */
static void
want_all(uint8_t *want)
{
	for (uint32_t t = 0; t < SK_EVENT_LIMIT; t++)
		want[t] = SK_WANT_ALL;
}

static int
attach(struct sk_live_source *s, uint32_t preset, char *reterr, size_t n)
{
	struct sk_live_error err = { "" };
	struct sk_live_opts opts = { .sz = sizeof(opts), .want = s->want, .warn = warn, .ring_bytes = RING_UNIT << preset,
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
	r = attach(s, c->ring_preset, reterr, n);
	if (r == 0 && (r = sk_live_scan(sink)) < 0)
		(void)snprintf(reterr, n, "/proc cannot be read: %s", strerror(-r));
	if (r < 0) {
		sk_live_close(s->probe);
		free(s);
		return r;
	}
	sk_log(SK_PRIO_INFORMATIONAL, "live detection by eBPF: %llu threads known",
	       (unsigned long long)sk_state_stats(sk_engine_state(e))->threads);
	*ret = s;
	return 0;
}

/* --- threads that nobody told of ----------------------------------------------------------------------------------------------------- */
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

/* --- losses -------------------------------------------------------------------------------------------------------------------------------- */
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

static void
report(struct sk_live_source *s)
{
	struct sk_live_stats st;
	uint64_t lost;

	sk_live_stats(s->probe, &st);
	lost = st.lost[SK_LOSS_RING] + st.lost[SK_LOSS_SIZE] + st.lost[SK_LOSS_PROGRAM];
	if (lost > s->reported)
		say_losses(s, &st);
	s->reported = lost;
}

int
sk_live_source_next(struct sk_live_source *s, struct sk_event *ret)
{
	if (sk_live_next(s->probe, ret) == 0) {
		sk_live_wait(s->probe);
		return 0;
	}
	ret->num = ++s->num;
	if (ret->ts > s->report_at) {
		if (s->report_at)
			report(s);
		s->report_at = ret->ts + REPORT_NS;
	}
	introduce(s, ret);
	return 1;
}

void
sk_live_source_close(struct sk_live_source *s)
{
	struct sk_live_stats st;

	if (!s)
		return;
	report(s);
	sk_live_stats(s->probe, &st);
	sk_log(SK_PRIO_INFORMATIONAL, "live events: %llu sent by the kernel, %llu read, %llu lost", (unsigned long long)st.sent, (unsigned long long)st.read,
	       (unsigned long long)(st.lost[SK_LOSS_RING] + st.lost[SK_LOSS_SIZE] + st.lost[SK_LOSS_PROGRAM]));
	sk_live_close(s->probe);
	free(s);
}
