#include "daemon/runtime/discover.h"

#include "base/attr.h"
#include "base/hash.h"
#include "base/schema.h"
#include "base/vec.h"
#include "daemon/state/containers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Ids that were looked for lately, by hash; two that meet in a place make one of them be looked for too often. */
#define TRIES 4096u
/* Until the next try for an id that nobody knew: doubled twice with each, for a container's first events may come before its engine has written. */
#define FIRST_WAIT_NS 5000000ull
#define MAX_WAIT_NS 60000000000ull
/* A container without processes is forgotten after this, and it is looked for such ones this often. */
#define UNUSED_NS 60000000000ull
#define SWEEP_NS 20000000000ull
/* Descriptions that wait to be read: all containers of a host at the start. */
#define MAX_WAITING 16384u

struct try {
	uint64_t hash, not_before;
	unsigned times;
};

struct description {
	char *json; /* owned */
	size_t n;   /* with its NUL */
	bool gone, host; /* it is gone; it is none */
};

struct sk_discovery {
	struct sk_runtime *runtime;
	struct sk_state *state;
	struct try *tries;
	SK_VEC(struct description) waiting;
	size_t next; /* of waiting */
	struct sk_buf json, event;
	uint64_t now, sweep_at; /* by the clock of events */
	struct sk_discovery_stats stats;
};

int
sk_discovery_new(const struct sk_runtime_opts *opts, struct sk_state *s, struct sk_discovery **ret)
{
	struct sk_discovery *d = calloc(1, sizeof(*d));
	int r = d ? sk_runtime_new(opts, &d->runtime) : -ENOMEM;

	if (r == 0 && !(d->tries = calloc(TRIES, sizeof(*d->tries))))
		r = -ENOMEM;
	if (r < 0) {
		sk_discovery_free(d);
		return r;
	}
	d->state = s;
	*ret = d;
	return 0;
}

static void
drop_waiting(struct sk_discovery *d)
{
	for (size_t i = d->next; i < d->waiting.n; i++)
		free(d->waiting.v[i].json);
	d->waiting.n = d->next = 0;
}

void
sk_discovery_free(struct sk_discovery *d)
{
	if (!d)
		return;
	drop_waiting(d);
	sk_vec_free(&d->waiting);
	sk_buf_free(&d->json);
	sk_buf_free(&d->event);
	sk_runtime_free(d->runtime);
	free(d->tries);
	free(d);
}

const struct sk_discovery_stats *
sk_discovery_stats(const struct sk_discovery *d)
{
	return &d->stats;
}

/* --- what waits ------------------------------------------------------------------------------------------------------------ */
static void
put_waiting(struct sk_discovery *d, bool gone, bool host)
{
	struct description x = { .n = d->json.n, .gone = gone, .host = host };

	if (d->json.failed) {
		sk_buf_free(&d->json);
		d->json = (struct sk_buf){ 0 };
		d->stats.refused++;
		return;
	}
	if (d->waiting.n - d->next < MAX_WAITING)
		x.json = malloc(x.n);
	if (!x.json || !sk_vec_push(&d->waiting, x)) {
		free(x.json);
		d->stats.refused++;
		return;
	}
	memcpy(x.json, d->json.p, x.n);
}

/* Members that describe what is no container, or one that is gone. */
static void
describe(struct sk_discovery *d, struct sk_slice id, struct sk_slice full, struct sk_slice name, uint32_t type)
{
	struct sk_buf *b = &d->json;

	b->n = 0;
	sk_buf_str(b, "{\"container\":{\"full_id\":\"");
	sk_buf_json(b, full);
	sk_buf_str(b, "\",\"id\":\"");
	sk_buf_json(b, id);
	sk_buf_str(b, "\",\"name\":\"");
	sk_buf_json(b, name);
	sk_buf_printf(b, "\",\"type\":%u}}", type);
	sk_buf_char(b, '\0');
}

/* --- one container --------------------------------------------------------------------------------------------------------- */
/* May REF be looked for now? Notes that it is. */
static bool
its_turn(struct sk_discovery *d, const struct sk_container_ref *ref)
{
	uint64_t hash = sk_hash_bytes(ref->full.p, ref->full.n) ^ ref->kind;
	struct try *t = &d->tries[sk_hash_u64(hash) % TRIES];

	if (t->hash != hash)
		*t = (struct try){ .hash = hash };
	if (d->now < t->not_before)
		return false;
	t->not_before = d->now + (t->times < 7 ? FIRST_WAIT_NS << 2 * t->times : MAX_WAIT_NS);
	t->times++;
	return true;
}

static uint64_t
now_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static int
find(struct sk_discovery *d, const struct sk_container_ref *ref)
{
	uint64_t begin = now_ns();
	int r = sk_runtime_find(d->runtime, ref, &d->json);
	uint64_t took = now_ns() - begin;

	d->stats.lookups++;
	d->stats.found += r == 0;
	d->stats.unknown += r < 0 && ref->kind != SK_REF_MAYBE;
	d->stats.ns += took;
	if (took > d->stats.ns_max)
		d->stats.ns_max = took;
	return r;
}

static bool
is_known(const struct sk_discovery *d, const struct sk_container_ref *ref)
{
	struct sk_container_ref named = *ref;

	if (named.kind == SK_REF_MAYBE)
		named.kind = SK_REF_NAMED;
	const struct sk_container *c = sk_state_container(d->state, sk_container_ref_id(&named));
	return c && (ref->kind != SK_REF_MAYBE || sk_slice_eq(c->full_id, ref->full));
}

static void
look_for(struct sk_discovery *d, const struct sk_container_ref *ref)
{
	struct sk_container_ref pod;
	char pod_id[80];

	if (is_known(d, ref) || !its_turn(d, ref))
		return;
	if (find(d, ref) == 0) {
		put_waiting(d, false, false);
		if (!sk_runtime_sandbox(d->runtime, ref, &pod))
			return;
		(void)snprintf(pod_id, sizeof(pod_id), "%.*s", SK_SLICE_ARG(pod.full));
		pod.full = sk_slice_cstr(pod_id);
		if (!is_known(d, &pod) && its_turn(d, &pod) && find(d, &pod) == 0)
			put_waiting(d, false, false);
	} else if (ref->kind == SK_REF_NAMED && !sk_runtime_has_namespace(d->runtime, ref->ns)) {
		/* Its cgroup has two levels, as containerd's have, and that is all. */
		describe(d, sk_container_ref_id(ref), ref->full, SK_SLICE("host"), SK_CT_HOST);
		put_waiting(d, false, true);
		d->stats.unknown--;
	}
}

static void
look_at(void *arg, struct sk_slice cgroups)
{
	struct sk_container_ref ref;

	if (sk_container_ref_of(cgroups, &ref))
		look_for(arg, &ref);
}

/* --- unused ones ----------------------------------------------------------------------------------------------------------- */
static void
forget(void *arg, const struct sk_container *c)
{
	struct sk_discovery *d = arg;

	describe(d, c->id, c->full_id, c->name, c->type);
	put_waiting(d, true, c->type == SK_CT_HOST);
}

static void
sweep(struct sk_discovery *d)
{
	if (d->now < d->sweep_at)
		return;
	if (d->sweep_at)
		sk_state_unused_containers(d->state, d->now, d->now > UNUSED_NS ? d->now - UNUSED_NS : 0, forget, d);
	d->sweep_at = d->now + SWEEP_NS;
}

/* --- events ---------------------------------------------------------------------------------------------------------------- */
void
sk_discovery_all(struct sk_discovery *d, uint64_t ts)
{
	d->now = ts;
	sk_state_each_cgroups(d->state, look_at, d);
}

/* Parameter 14 of events that make a process or give it a program: where it is now. */
static bool
says_cgroups(uint16_t type)
{
	return type == SK_E_SYSCALL_CLONE_20_X || type == SK_E_SYSCALL_FORK_20_X || type == SK_E_SYSCALL_VFORK_20_X || type == SK_E_SYSCALL_CLONE3_X ||
	       type == SK_E_SYSCALL_EXECVE_19_X || type == SK_E_SYSCALL_EXECVEAT_X;
}

void
sk_discovery_look(struct sk_discovery *d, const struct sk_event *ev)
{
	const struct sk_thread *t;

	d->now = ev->ts;
	sweep(d);
	if (says_cgroups(ev->type)) {
		if (sk_ev_len(ev, 14))
			look_at(d, sk_slice((const char *)sk_ev_ptr(ev, 14), sk_ev_len(ev, 14)));
		return;
	}
	t = sk_state_thread(d->state, ev->tid);
	if (t && t->container_id->n && !sk_state_container(d->state, sk_str_slice(t->container_id)))
		look_at(d, sk_str_slice(t->cgroups));
}

bool
sk_discovery_next(struct sk_discovery *d, uint64_t ts, struct sk_event *ret)
{
	const struct description *x;
	const uint32_t plugin = 0;
	const char *name;

	if (d->next == d->waiting.n) {
		d->waiting.n = d->next = 0;
		return false;
	}
	x = &d->waiting.v[d->next++];
	name = x->gone ? "container_removed" : "container";
	d->event.n = 0;
	sk_buf_put(&d->event, &plugin, sizeof(plugin));
	sk_buf_put(&d->event, name, strlen(name) + 1);
	sk_buf_put(&d->event, x->json, x->n);
	free(x->json);
	*ret = (struct sk_event){ .ts = ts, .tid = -1, .type = SK_E_ASYNCEVENT_E, .desc = sk_event_desc(SK_E_ASYNCEVENT_E), .nparams = 3 };
	/* Rules are for what happens. */
	ret->dump_flags = x->host ? SK_EVENT_STATE_ONLY : 0;
	ret->data = (const uint8_t *)d->event.p;
	ret->off[1] = sizeof(plugin);
	ret->off[2] = ret->off[1] + (uint32_t)strlen(name) + 1;
	ret->off[3] = (uint32_t)d->event.n;
	return !d->event.failed;
}
