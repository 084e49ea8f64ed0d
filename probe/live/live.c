/* The probe as its users see it: events of all CPUs in order of time, losses counted. */
#include "probe/live/live.h"

#include "base/schema.h"
#include "probe/live/internal.h"
#include "saker.skel.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <time.h>

/* Between taking an event's time and its being in the ring a CPU does nothing else for far less than this. */
#define SETTLE_NS 200000ull
/* Between two looks at the time of day. */
#define SYNC_NS 1000000000ull
#define WAIT_MIN_NS 1000000ull
#define WAIT_MAX_NS 8000000ull

static uint64_t
clock_ns(clockid_t id)
{
	struct timespec ts;

	(void)clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ull + (uint64_t)ts.tv_nsec;
}

/* Zero of the boot clock as ns since the epoch: read between two looks at the other clock, the tightest of some tries. */
static uint64_t
boot_epoch(void)
{
	uint64_t best = UINT64_MAX, epoch = 0;

	for (int i = 0; i < 5; i++) {
		uint64_t a = clock_ns(CLOCK_BOOTTIME), real = clock_ns(CLOCK_REALTIME), b = clock_ns(CLOCK_BOOTTIME);

		if (b - a >= best)
			continue;
		best = b - a;
		epoch = real - (a + (b - a) / 2);
	}
	return epoch;
}

static int
open_rings(struct sk_live *l, struct sk_live_error *err)
{
	uint32_t bytes = l->opts->ring_bytes ? l->opts->ring_bytes : SK_LIVE_RING_DEFAULT;

	if (bytes & (bytes - 1) || bytes < (uint32_t)sysconf(_SC_PAGESIZE))
		return sk_live_fail(err, -EINVAL, "a ring of %u bytes: it must be a power of two and no less than a page", bytes);
	l->rings = calloc(l->nrings, sizeof(*l->rings));
	if (!l->rings)
		return sk_live_fail(err, -ENOMEM, "out of memory");
	for (uint32_t i = 0; i < l->nrings; i++)
		l->rings[i].fd = -1;
	for (uint32_t i = 0; i < l->nrings; i++) {
		int r = sk_ring_open(&l->rings[i], bytes);

		if (r == -EPERM)
			return sk_live_fail(err, r, "no permission to use BPF: run as root, or with CAP_BPF, CAP_PERFMON and CAP_SYS_PTRACE");
		if (r < 0)
			return sk_live_fail(err, r, "a ring of %u bytes for CPU %u cannot be made: %s", bytes, i, strerror(-r));
	}
	return 0;
}

int
sk_live_open(const struct sk_live_opts *opts, struct sk_live **ret, struct sk_live_error *reterr)
{
	struct sk_live *l = calloc(1, sizeof(*l));
	long n = libbpf_num_possible_cpus();
	int r;

	*reterr->text = '\0';
	if (!l || n < 1) {
		free(l);
		return sk_live_fail(reterr, -ENOMEM, "out of memory");
	}
	l->opts = opts;
	l->thread = opts->thread;
	l->arg = opts->arg;
	l->nrings = l->current = (uint32_t)n;
	l->epoch = boot_epoch();
	sk_wall_init(&l->wall, l->epoch);
	r = open_rings(l, reterr);
	if (r == 0)
		r = sk_live_load(l, reterr);
	l->opts = NULL;
	if (r < 0) {
		sk_live_close(l);
		return r;
	}
	*ret = l;
	return 0;
}

void
sk_live_close(struct sk_live *l)
{
	if (!l)
		return;
	sk_live_unload(l);
	for (uint32_t i = 0; l->rings && i < l->nrings; i++)
		sk_ring_close(&l->rings[i]);
	free(l->rings);
	free(l);
}

/* --- events ---------------------------------------------------------------------------------------------------------------- */
/* A record is as the kernel's side wrote it; still, nothing that does not fit is believed. */
static bool
decode(const struct sk_live_head *h, uint32_t len, struct sk_event *ev)
{
	const uint8_t *p = (const uint8_t *)h;
	uint32_t off = (uint32_t)sizeof(*h) + 2u * h->nparams;

	if (len < sizeof(*h) || h->type >= SK_EVENT_LIMIT || h->nparams > SK_PARAMS_MAX || off > len)
		return false;
	*ev = (struct sk_event){ .ts = h->ts, .tid = (int64_t)h->tid, .type = h->type, .cpu = h->cpu, .desc = sk_event_desc(h->type), .data = p + off, .nparams = h->nparams };
	for (uint32_t i = 0; i < h->nparams; i++) {
		uint16_t n;

		memcpy(&n, p + sizeof(*h) + 2u * i, sizeof(n));
		ev->off[i + 1] = ev->off[i] + n;
	}
	if (off + ev->off[h->nparams] > len)
		return false;
	if (h->facts && h->facts % 8 == 0 && h->facts <= len && len - h->facts >= sizeof(struct sk_event_facts)) {
		const struct sk_event_facts *f = (const struct sk_event_facts *)(const void *)(p + h->facts);

		if (f->nfds <= SK_LIVE_FDS && len - h->facts >= sizeof(*f) + f->nfds * sizeof(f->fd[0]))
			ev->facts = f;
	}
	return true;
}

static void
sync_clock(struct sk_live *l, uint64_t now)
{
	int64_t step = now - l->synced >= SYNC_NS ? sk_wall_sync(&l->wall, now, boot_epoch()) : 0;

	if (now - l->synced >= SYNC_NS)
		l->synced = now;
	if (!step)
		return;
	l->clock_steps++;
	l->clock_step = step;
}

/* Everything up to now minus SETTLE_NS is in the rings, or lost. */
static void
look(struct sk_live *l)
{
	uint64_t now = clock_ns(CLOCK_BOOTTIME);

	sync_clock(l, now);
	l->cutoff = now + l->epoch - SETTLE_NS;
	for (uint32_t i = 0; i < l->nrings; i++) {
		sk_ring_release(&l->rings[i]);
		sk_ring_look(&l->rings[i]);
	}
}

static const struct sk_live_head *
oldest(struct sk_live *l, uint32_t *ret_len)
{
	const struct sk_live_head *best = NULL;

	for (uint32_t i = 0; i < l->nrings; i++) {
		uint32_t len = 0;
		const struct sk_live_head *h = sk_ring_peek(&l->rings[i], &len);

		if (!h || (best && h->ts >= best->ts))
			continue;
		best = h;
		*ret_len = len;
		l->current = i;
	}
	return best && best->ts <= l->cutoff ? best : NULL;
}

static void
count_gap(struct sk_live *l, struct sk_ring *r, const struct sk_live_head *h)
{
	l->missing += h->seq - r->next_seq;
	r->next_seq = h->seq + 1;
}

/* Give the ring the place of the event that was handed out, once a good part of it is read. */
static void
step(struct sk_live *l)
{
	if (l->current >= l->nrings)
		return;
	struct sk_ring *r = &l->rings[l->current];

	sk_ring_skip(r);
	if (r->at - *r->consumer > r->size / 16)
		sk_ring_release(r);
	l->current = l->nrings;
}

int
sk_live_next(struct sk_live *l, struct sk_event *ret)
{
	step(l);
	for (bool looked = false;;) {
		uint32_t len = 0;
		const struct sk_live_head *h = oldest(l, &len);

		if (!h && looked) {
			l->current = l->nrings;
			return 0;
		}
		if (!h) {
			look(l);
			looked = true;
			continue;
		}
		l->idle = 0;
		if (h->kind == SK_LIVE_EVENT)
			count_gap(l, &l->rings[l->current], h);
		if (decode(h, len, ret)) {
			ret->ts = sk_wall_of(&l->wall, h->ts - l->epoch);
			if (h->kind == SK_LIVE_EVENT) {
				l->read++;
				return 1;
			}
			if (l->thread)
				l->thread(l->arg, ret);
		}
		step(l);
	}
}

void
sk_live_wait(struct sk_live *l)
{
	uint64_t ns = WAIT_MIN_NS << (l->idle < 8 ? l->idle : 8);
	struct timespec ts = { .tv_nsec = (long)(ns < WAIT_MAX_NS ? ns : WAIT_MAX_NS) };

	l->idle++;
	(void)nanosleep(&ts, NULL);
}

/* --- losses ---------------------------------------------------------------------------------------------------------------- */
void
sk_live_stats(struct sk_live *l, struct sk_live_stats *ret)
{
	struct counts {
		uint64_t seq, lost[SK_LIVE_LOSSES];
	};
	struct counts *c = calloc(l->nrings, sizeof(*c));
	uint32_t zero = 0;

	*ret = (struct sk_live_stats){ .read = l->read, .missing = l->missing, .refused_programs = l->refused,
					.clock_steps = l->clock_steps, .clock_step = l->clock_step };
	if (c && bpf_map_lookup_elem(bpf_map__fd(l->skel->maps.sk_counters), &zero, c) == 0)
		for (uint32_t i = 0; i < l->nrings; i++) {
			ret->sent += c[i].seq;
			for (uint32_t k = 0; k < SK_LIVE_LOSSES; k++)
				ret->lost[k] += c[i].lost[k];
		}
	free(c);
}

uint64_t
sk_live_lost_of(struct sk_live *l, uint32_t type)
{
	uint64_t *c = calloc(l->nrings, sizeof(*c)), sum = 0;

	if (c && type < SK_EVENT_LIMIT && bpf_map_lookup_elem(bpf_map__fd(l->skel->maps.sk_lost_types), &type, c) == 0)
		for (uint32_t i = 0; i < l->nrings; i++)
			sum += c[i];
	free(c);
	return sum;
}
