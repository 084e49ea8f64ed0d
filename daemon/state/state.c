/* Life of the state, and the lists that fill it before the first event. */
#include "daemon/state/internal.h"

#include <sys/random.h>

/* The tables' hash seed: a capture must not be able to choose colliding keys. */
static uint64_t
random_seed(const struct sk_state *s)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != (ssize_t)sizeof(seed))
		seed = sk_hash_u64((uintptr_t)s);
	return seed;
}

struct sk_state *
sk_state_new(void)
{
	struct sk_state *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->seed = random_seed(s);
	if (sk_strings_init(&s->strings, s->seed, &s->stats.out_of_memory)) {
		free(s);
		return NULL;
	}
	s->hostname = sk_str_ref(s->strings.empty);
	s->cgroups_seen = sk_str_ref(s->strings.empty);
	s->cgroups_id = sk_str_ref(s->strings.empty);
	if (sk_containers_init(s)) {
		sk_state_free(s);
		return NULL;
	}
	return s;
}

/* What one capture section built up. */
static void
forget(struct sk_state *s)
{
	s->leftovers = false;
	s->exiting = NULL;
	s->closing.n = 0;
	sk_threads_clear(s);
	sk_users_clear(s);
	sk_ifaces_clear(s);
	sk_containers_clear(s);
	sk_seen_links_clear(s);
	free(s->exited);
	s->exited = NULL;
	s->exited_pos = 0;
	free(s->switch_ts);
	s->switch_ts = NULL;
	s->nswitch_ts = 0;
	s->ncpus = 0;
	s->boot_ts = 0;
	sk_str_copy(&s->strings, &s->hostname, s->strings.empty);
	sk_str_copy(&s->strings, &s->cgroups_seen, s->strings.empty);
	sk_str_copy(&s->strings, &s->cgroups_id, s->strings.empty);
}

void
sk_state_clear(struct sk_state *s)
{
	forget(s);
	if (sk_containers_init(s))
		s->stats.out_of_memory++;
}

void
sk_state_free(struct sk_state *s)
{
	if (!s)
		return;
	forget(s);
	sk_enters_clear(s);
	sk_fd_pool_clear(s);
	sk_vec_free(&s->closing);
	sk_str_put(&s->strings, s->hostname);
	sk_str_put(&s->strings, s->cgroups_seen);
	sk_str_put(&s->strings, s->cgroups_id);
	sk_strings_fini(&s->strings);
	free(s);
}

const struct sk_state_stats *
sk_state_stats(const struct sk_state *s)
{
	struct sk_state_stats *st =
	    (struct sk_state_stats *)(uintptr_t)&s->stats; /* counts that are kept elsewhere are filled in on demand */

	st->threads = s->nthreads;
	st->strings = s->strings.count;
	st->string_bytes = s->strings.bytes;
	st->containers = s->ncontainers;
	return st;
}

/* --- lists ------------------------------------------------------------------------------------------------------------ */
static void
list_texts(struct sk_state *s, struct sk_thread *t, const struct sk_thread_entry *e)
{
	struct sk_strings *st = &s->strings;

	sk_str_set(st, &t->comm, e->comm);
	sk_str_set(st, &t->exe, e->exe);
	sk_str_set(st, &t->exepath, e->exepath);
	sk_str_set(st, &t->root, e->root);
	/* A lone NUL is what a process leaves that wrote its title over its arguments: there are none. */
	sk_str_move(st, &t->args, sk_str_get_list(st, e->args.n == 1 && !e->args.p[0] ? sk_slice("", 0) : e->args));
	sk_str_move(st, &t->env, sk_str_get_list(st, e->env));
	char cwd[SK_MAX_PATH + 2];
	size_t n = e->cwd.n < SK_MAX_PATH ? e->cwd.n : SK_MAX_PATH;
	if (n)
		memcpy(cwd, e->cwd.p, n);
	if (!n || cwd[n - 1] != '/')
		cwd[n++] = '/';
	sk_str_set(st, &t->cwd, sk_slice(cwd, n));
	sk_thread_set_cgroups(s, t, e->cgroups);
}

static void
list_numbers(struct sk_thread *t, const struct sk_thread_entry *e)
{
	t->pid = e->pid;
	t->ptid = e->ptid;
	t->sid = e->sid;
	t->vpgid = e->vpgid;
	t->pgid = e->pgid;
	t->vtid = e->vtid;
	t->vpid = e->vpid;
	t->fdlimit = e->fdlimit;
	t->flags = e->flags;
	t->uid = e->uid;
	t->gid = e->gid;
	t->loginuid = e->loginuid;
	t->tty = e->tty;
	t->vmsize_kb = e->vmsize_kb;
	t->vmrss_kb = e->vmrss_kb;
	t->vmswap_kb = e->vmswap_kb;
	t->pfmajor = e->pfmajor;
	t->pfminor = e->pfminor;
	t->pidns_init_start_ts = e->pidns_init_start_ts;
	t->clone_ts = e->clone_ts;
	t->exe_writable = e->exe_writable;
	t->exe_upper = e->exe_upper;
	t->exe_lower = e->exe_lower;
	t->exe_memfd = e->exe_memfd;
	t->cap_inheritable = e->cap_inheritable;
	t->cap_permitted = e->cap_permitted;
	t->cap_effective = e->cap_effective;
	t->exe_ino = e->exe_ino;
	t->exe_ino_ctime = e->exe_ino_ctime;
	t->exe_ino_mtime = e->exe_ino_mtime;
}

struct sk_thread *
sk_state_add_thread(struct sk_state *s, const struct sk_thread_entry *e)
{
	struct sk_thread *t = sk_state_thread(s, e->tid);

	if (t)
		sk_thread_replace(s, t);
	t = sk_thread_new(s, e->tid);
	if (!t)
		return NULL;
	list_numbers(t, e);
	list_texts(s, t, e);
	return t;
}

void
sk_state_add_fd(struct sk_state *s, int64_t tid, const struct sk_fd_entry *e)
{
	struct sk_thread *t = sk_state_thread(s, tid);
	struct sk_fd *fd = t ? sk_fd_add(s, t, e->num, (enum sk_fd_type)e->type) : NULL;
	char name[SK_MAX_PATH + 64];

	if (!fd)
		return;
	fd->ino = e->ino;
	fd->l4 = e->l4;
	memcpy(fd->saddr, e->saddr, 16);
	memcpy(fd->daddr, e->daddr, 16);
	fd->sport = e->sport;
	fd->dport = e->dport;
	fd->unix_src = e->unix_src;
	fd->unix_dst = e->unix_dst;
	fd->open_flags = e->open_flags;
	fd->dev = e->dev;
	fd->mount_id = e->mount_id;
	if (fd->type == SK_FD_IPV4_SERVSOCK || fd->type == SK_FD_IPV6_SERVSOCK)
		fd->role = SK_ROLE_SERVER;
	/* A unix socket of a list is known by its path alone. */
	size_t n = fd->type == SK_FD_UNIX_SOCK ? 0 : sk_fd_tuple_text(name, sizeof(name), fd, e->name);
	sk_str_set(&s->strings, &fd->name, n ? sk_slice(name, n) : e->name);
}

void
sk_state_set_machine(struct sk_state *s, uint32_t ncpus, uint64_t boot_ts, struct sk_slice hostname)
{
	s->ncpus = ncpus;
	s->boot_ts = boot_ts;
	sk_str_set(&s->strings, &s->hostname, hostname);
}

static int
by_tid(const void *a, const void *b)
{
	const struct sk_thread *x = *(struct sk_thread *const *)a, *y = *(struct sk_thread *const *)b;

	return (x->tid > y->tid) - (x->tid < y->tid);
}

/* All threads by tid, so that nothing depends on the order of the hash; NULL when out of memory. */
static struct sk_thread **
sorted_threads(const struct sk_state *s)
{
	struct sk_thread **v = calloc(s->nthreads + 1, sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; v && s->threads && i <= s->threads_mask; i++)
		for (struct sk_thread *t = s->threads[i]; t; t = t->hash_next)
			v[n++] = t;
	if (v)
		qsort(v, n, sizeof(struct sk_thread *), by_tid);
	return v;
}

void
sk_state_lists_done(struct sk_state *s)
{
	SK_AUTO_FREE struct sk_thread **v = sorted_threads(s);

	if (!v) {
		s->stats.out_of_memory++;
		return;
	}
	for (size_t i = 0; i < s->nthreads; i++) {
		/* Only processes have tables. */
		if (!sk_thread_is_main(v[i])) {
			sk_fds_release(s, v[i]->fds);
			v[i]->fds = NULL;
		}
		sk_tree_link(s, v[i]);
	}
	for (size_t i = 0; i < s->nthreads; i++)
		sk_container_categorise(s, v[i]);
	sk_sockets_assign_roles(s, v, s->nthreads);
}

uint64_t
sk_state_boot_ts(const struct sk_state *s)
{
	return s->boot_ts;
}

uint32_t
sk_state_ncpus(const struct sk_state *s)
{
	return s->ncpus;
}

struct sk_slice
sk_state_hostname(const struct sk_state *s)
{
	return sk_str_slice(s->hostname);
}
