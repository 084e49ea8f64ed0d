#include "tests/probe/zoo_align.h"

#include "base/schema.h"
#include "tests/conformance/replay.h"

#include <ctype.h>
#include <string.h>

#define SHELL_ARGS "/srv/zoo/run.sh"
#define TEXT_MAX 4096

/* --- reading --------------------------------------------------------------------------------------------------------------- */
struct birth {
	int64_t parent, child;
};

struct reading {
	SK_VEC(struct birth) births;
	struct zoo *z;
	SK_VEC(int64_t) tids; /* of z->events */
	int64_t shell;
};

static bool
is_random(const char *p, size_t n)
{
	for (size_t i = 0; i < 8; i++)
		if (i >= n || !(islower((unsigned char)p[i]) || isdigit((unsigned char)p[i]) || p[i] == '_'))
			return false;
	return n == 8 || !(isalnum((unsigned char)p[8]) || p[8] == '_' || p[8] == '.');
}

/* TEXT ends with "/zoo-<number>-" or "/tmp/". */
static bool
before_random(const char *text, size_t n)
{
	size_t from = n - 1;

	if (n >= 5 && memcmp(text + n - 5, "/tmp/", 5) == 0)
		return true;
	while (from && isdigit((unsigned char)text[from - 1]))
		from--;
	return text[n - 1] == '-' && from >= 4 && from < n - 1 && memcmp(text + from - 4, "zoo-", 4) == 0;
}

size_t
zoo_plain(const char *text, size_t n, char *out, size_t size)
{
	size_t at = 0;

	for (size_t i = 0; i < n && at + 1 < size;) {
		bool random = i && before_random(text, i) && is_random(text + i, n - i) && at + 8 < size;

		memcpy(out + at, random ? "********" : text + i, random ? 8 : 1);
		at += random ? 8 : 1;
		i += random ? 8 : 1;
	}
	out[at] = '\0';
	return at;
}

static uint64_t
hash_texts(const struct sk_event *ev)
{
	char plain[TEXT_MAX];
	uint64_t h = 1469598103934665603ull;

	if (ev->type == SK_E_GENERIC_X)
		return sk_ev_uint(ev, 0);
	for (uint32_t i = 0; i < ev->nparams && i < ev->desc->nparams; i++) {
		size_t n = 0;
		uint8_t type = ev->desc->params[i].type;

		if (type != SK_PT_CHARBUF && type != SK_PT_FSPATH && type != SK_PT_FSRELPATH)
			continue;
		const char *text = sk_ev_str(ev, i, &n);
		n = text ? zoo_plain(text, n, plain, sizeof(plain)) : 0;
		for (size_t k = 0; k < n; k++)
			h = (h ^ (uint8_t)plain[k]) * 1099511628211ull;
	}
	return h;
}

static bool
is_clone(uint16_t type)
{
	return type == SK_E_SYSCALL_CLONE_20_X || type == SK_E_SYSCALL_FORK_20_X || type == SK_E_SYSCALL_VFORK_20_X || type == SK_E_SYSCALL_CLONE3_X;
}

static bool
runs_scenario(const struct sk_thread *t)
{
	struct sk_slice args = t ? sk_slice(t->args->s, t->args->n) : SK_SLICE("");

	return args.n && memmem(args.p, args.n, SHELL_ARGS, strlen(SHELL_ARGS));
}

static bool
on_event(void *arg, struct sk_fields *f)
{
	struct reading *r = arg;
	const struct sk_event *ev = f->ec.ev;

	if (!r->shell && runs_scenario(f->ec.thread))
		r->shell = ev->tid;
	if (is_clone(ev->type) && f->ec.res > 0)
		(void)sk_vec_push(&r->births, (struct birth){ ev->tid, f->ec.res });
	(void)sk_vec_push(&r->tids, ev->tid);
	return sk_vec_push(&r->z->events, (struct zoo_event){ ev->num, hash_texts(ev), f->ec.has_res ? f->ec.res : 0, 0, ev->type });
}

static uint32_t
thread_of(const struct zoo *z, int64_t tid)
{
	for (size_t i = z->threads.n; i-- > 0;)
		if (z->threads.v[i].tid == tid)
			return (uint32_t)i;
	return UINT32_MAX;
}

/* The tree of creation. A child may be reported before its creator has been: as often as something is new. */
static void
grow_tree(struct reading *r)
{
	struct zoo *z = r->z;

	(void)sk_vec_push(&z->threads, (struct zoo_thread){ r->shell, 0, 0, UINT32_MAX });
	for (size_t before = 0; before < z->threads.n;) {
		before = z->threads.n;
		for (size_t i = 0; i < r->births.n; i++) {
			uint32_t parent = thread_of(z, r->births.v[i].parent), place = 0;

			if (parent == UINT32_MAX || thread_of(z, r->births.v[i].child) != UINT32_MAX)
				continue;
			for (size_t k = 0; k < i; k++)
				place += r->births.v[k].parent == r->births.v[i].parent;
			(void)sk_vec_push(&z->threads, (struct zoo_thread){ r->births.v[i].child, parent, place, UINT32_MAX });
		}
	}
}

int
zoo_read(struct zoo *ret, const char *capture)
{
	struct reading r = { .z = ret };
	int rc = sk_replay(capture, on_event, &r) == 0 && r.shell ? 0 : -1;
	size_t n = 0;

	if (!r.shell)
		(void)fprintf(stderr, "%s: no shell that runs %s\n", capture, SHELL_ARGS);
	if (rc == 0)
		grow_tree(&r);
	for (size_t i = 0; rc == 0 && i < ret->events.n; i++) {
		uint32_t t = thread_of(ret, r.tids.v[i]);

		if (t == UINT32_MAX)
			continue;
		ret->events.v[n] = ret->events.v[i];
		ret->events.v[n++].thread = t;
	}
	ret->events.n = n;
	sk_vec_free(&r.births);
	sk_vec_free(&r.tids);
	return rc;
}

void
zoo_free(struct zoo *z)
{
	sk_vec_free(&z->events);
	sk_vec_free(&z->threads);
}

/* --- alignment ------------------------------------------------------------------------------------------------------------- */
static void
match_threads(struct zoo *a, struct zoo *b)
{
	a->threads.v[0].peer = b->threads.v[0].peer = 0;
	for (size_t i = 1; i < a->threads.n; i++) {
		struct zoo_thread *t = &a->threads.v[i];
		uint32_t parent = a->threads.v[t->parent].peer;

		for (size_t k = 1; parent != UINT32_MAX && k < b->threads.n; k++) {
			if (b->threads.v[k].parent != parent || b->threads.v[k].place != t->place)
				continue;
			t->peer = (uint32_t)k;
			b->threads.v[k].peer = (uint32_t)i;
		}
	}
}

/* How well two events fit: 0 not at all. */
static uint32_t
score(const struct zoo_event *x, const struct zoo_event *y)
{
	if (x->type != y->type || (x->type == SK_E_GENERIC_X && x->text != y->text))
		return 0;
	return 1u + 2u * ((x->res < 0) == (y->res < 0)) + 4u * (x->text == y->text) + (x->res == y->res);
}

/* The best common sequence of two threads' events, by the classic table; their numbers go to PAIRS. */
static bool
align_thread(const struct zoo_event *const *x, size_t n, const struct zoo_event *const *y, size_t m, uint64_t *pairs)
{
	uint32_t *best = calloc((n + 1) * (m + 1), sizeof(*best));
	size_t w = m + 1;

	if (!best)
		return false;
	for (size_t i = n; i-- > 0;) {
		for (size_t k = m; k-- > 0;) {
			uint32_t s = score(x[i], y[k]), both = s ? s + best[(i + 1) * w + k + 1] : 0, one = best[(i + 1) * w + k], other = best[i * w + k + 1];
			uint32_t skip = one > other ? one : other;

			best[i * w + k] = both > skip ? both : skip;
		}
	}
	for (size_t i = 0, k = 0; i < n && k < m;) {
		uint32_t s = score(x[i], y[k]);

		if (s && best[i * w + k] == s + best[(i + 1) * w + k + 1])
			pairs[x[i++]->num] = y[k++]->num;
		else if (best[i * w + k] == best[(i + 1) * w + k])
			i++;
		else
			k++;
	}
	free(best);
	return true;
}

static size_t
events_of(const struct zoo *z, uint32_t thread, const struct zoo_event **out)
{
	size_t n = 0;

	for (size_t i = 0; i < z->events.n; i++)
		if (z->events.v[i].thread == thread)
			out[n++] = &z->events.v[i];
	return n;
}

bool
zoo_align(struct zoo *a, struct zoo *b, uint64_t **ret, size_t *ret_n)
{
	const struct zoo_event **x = calloc(a->events.n + 1, sizeof(struct zoo_event *)), **y = calloc(b->events.n + 1, sizeof(struct zoo_event *));
	size_t last = a->events.n ? a->events.v[a->events.n - 1].num : 0;
	bool ok;

	*ret_n = last + 1;
	*ret = calloc(*ret_n, sizeof(**ret));
	ok = x && y && *ret;
	if (ok)
		match_threads(a, b);
	for (size_t t = 0; ok && t < a->threads.n; t++)
		if (a->threads.v[t].peer != UINT32_MAX)
			ok = align_thread(x, events_of(a, (uint32_t)t, x), y, events_of(b, a->threads.v[t].peer, y), *ret);
	free(x);
	free(y);
	return ok;
}
