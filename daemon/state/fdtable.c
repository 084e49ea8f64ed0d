/* Descriptors by number. A table is an array of entries at their own number (modulo its size), which suits the low, dense
 * numbers of
 * real processes; others go where a hash says. Fork shares a table, and the first change by either side copies the array but not
 * the
 * entries; an entry is copied when one of its holders changes it. */
#include "daemon/state/internal.h"

#define FIRST_SLOTS 16u

struct sk_fdtable {
	uint32_t refs;
	uint32_t count;
	size_t mask;
	struct sk_fd **slot;
};

static size_t
home(const struct sk_fdtable *t, int64_t num)
{
	return (uint64_t)num <= t->mask ? (size_t)num : sk_hash_u64((uint64_t)num) & t->mask;
}

/* The slot of NUM, or the free one where it belongs. At least one slot is free. */
static size_t
probe(const struct sk_fdtable *t, int64_t num)
{
	size_t i = home(t, num);

	while (t->slot[i] && t->slot[i]->num != num)
		i = (i + 1) & t->mask;
	return i;
}

struct sk_fd *
sk_fdtable_find(const struct sk_fdtable *t, int64_t num)
{
	return t && num >= 0 ? t->slot[probe(t, num)] : NULL;
}

size_t
sk_fdtable_count(const struct sk_fdtable *t)
{
	return t ? t->count : 0;
}

struct sk_fdtable *
sk_thread_fds(const struct sk_thread *t)
{
	const struct sk_thread *leader = t->group ? t->group->leader : t;

	return leader ? leader->fds : NULL;
}

static struct sk_fdtable *
new_table(size_t slots)
{
	struct sk_fdtable *t = calloc(1, sizeof(*t));

	if (t && !(t->slot = calloc(slots, sizeof(struct sk_fd *)))) {
		free(t);
		return NULL;
	}
	if (t) {
		t->refs = 1;
		t->mask = slots - 1;
	}
	return t;
}

void
sk_fd_unref(struct sk_state *s, struct sk_fd *fd)
{
	if (!fd || --fd->refs)
		return;
	if (s->renamed == fd)
		s->renamed = NULL;
	sk_str_put(&s->strings, fd->name);
	sk_str_put(&s->strings, fd->raw_name);
	s->stats.fds--;
	if (s->nfd_pool < SK_FD_POOL)
		s->fd_pool[s->nfd_pool++] = fd;
	else
		free(fd);
}

void
sk_fd_pool_clear(struct sk_state *s)
{
	while (s->nfd_pool)
		free(s->fd_pool[--s->nfd_pool]);
}

void
sk_fds_release(struct sk_state *s, struct sk_fdtable *t)
{
	if (!t || --t->refs)
		return;
	for (size_t i = 0; i <= t->mask; i++)
		sk_fd_unref(s, t->slot[i]);
	free(t->slot);
	free(t);
}

static struct sk_fd *
copy_fd(struct sk_state *s, const struct sk_fd *from)
{
	struct sk_fd *fd = s->nfd_pool ? s->fd_pool[--s->nfd_pool] : malloc(sizeof(*fd));

	if (!fd) {
		s->stats.out_of_memory++;
		return NULL;
	}
	*fd = *from;
	fd->refs = 1;
	sk_str_ref(fd->name);
	sk_str_ref(fd->raw_name);
	s->stats.fds++;
	return fd;
}

static struct sk_fdtable *
copy_table(const struct sk_fdtable *from)
{
	struct sk_fdtable *t = new_table(from->mask + 1);

	if (!t)
		return NULL;
	t->count = from->count;
	for (size_t i = 0; i <= t->mask; i++)
		if ((t->slot[i] = from->slot[i]))
			t->slot[i]->refs++;
	return t;
}

/* An inherited table is about to change: note on its entries where they came from. They may still be the parent's, then it takes
 * copies. */
static void
mark_inherited(struct sk_state *s, struct sk_fdtable *t)
{
	for (size_t i = 0; i <= t->mask; i++) {
		struct sk_fd *fd = t->slot[i];

		if (!fd || (fd->flags & SK_FDF_CLONED))
			continue;
		if (fd->refs > 1) {
			struct sk_fd *copy = copy_fd(s, fd);

			if (!copy)
				return;
			fd->refs--;
			t->slot[i] = fd = copy;
		}
		fd->flags |= SK_FDF_CLONED;
	}
}

/* The table of a process for changing: made or copied as needed; NULL when out of memory. */
static struct sk_fdtable *
own(struct sk_state *s, struct sk_thread *main)
{
	struct sk_fdtable *t = main->fds;

	if (t && t->refs == 1 && !main->fds_inherited)
		return t;
	if (!t || t->refs > 1) {
		struct sk_fdtable *mine = t ? copy_table(t) : new_table(FIRST_SLOTS);

		if (!mine) {
			s->stats.out_of_memory++;
			return NULL;
		}
		if (t)
			t->refs--;
		main->fds = t = mine;
	}
	if (main->fds_inherited)
		mark_inherited(s, t);
	main->fds_inherited = false;
	return t;
}

static bool
grow(struct sk_fdtable *t)
{
	struct sk_fdtable bigger = {.mask = t->mask * 2 + 1, .slot = calloc((t->mask + 1) * 2, sizeof(*bigger.slot))};

	if (!bigger.slot)
		return false;
	for (size_t i = 0; i <= t->mask; i++)
		if (t->slot[i])
			bigger.slot[probe(&bigger, t->slot[i]->num)] = t->slot[i];
	free(t->slot);
	t->slot = bigger.slot;
	t->mask = bigger.mask;
	return true;
}

/* Put FD, whose reference the table takes over, in place of any old one of its number. */
static struct sk_fd *
put(struct sk_state *s, struct sk_thread *main, struct sk_fd *fd)
{
	struct sk_fdtable *t = fd->num >= 0 ? own(s, main) : NULL;
	size_t i = t ? probe(t, fd->num) : 0;

	if (!t || (!t->slot[i] && t->count >= SK_MAX_FDS_PER_PROC) || (t->count * 4 >= (t->mask + 1) * 3 && !grow(t))) {
		s->stats.fds_refused++;
		sk_fd_unref(s, fd);
		return NULL;
	}
	i = probe(t, fd->num);
	t->count += !t->slot[i];
	sk_fd_unref(s, t->slot[i]);
	t->slot[i] = fd;
	s->stats.fds_added++;
	return fd;
}

struct sk_fd *
sk_fd_add(struct sk_state *s, struct sk_thread *main, int64_t num, enum sk_fd_type type)
{
	struct sk_fd blank = {
	    .num = num, .type = (uint8_t)type, .pid = -1, .name = s->strings.empty, .raw_name = s->strings.empty};
	struct sk_fd *fd = main ? copy_fd(s, &blank) : NULL;

	return fd ? put(s, main, fd) : NULL;
}

struct sk_fd *
sk_fd_add_copy(struct sk_state *s, struct sk_thread *main, int64_t num, const struct sk_fd *src)
{
	struct sk_fd *fd = main ? copy_fd(s, src) : NULL;

	if (!fd)
		return NULL;
	fd->num = num;
	fd->flags &= ~(uint32_t)SK_FDF_NAME_CHANGED;
	return put(s, main, fd);
}

struct sk_fd *
sk_fd_edit(struct sk_state *s, struct sk_thread *main, int64_t num)
{
	if (!main || !sk_fdtable_find(main->fds, num))
		return NULL;
	struct sk_fdtable *t = own(s, main);
	struct sk_fd **slot = t ? &t->slot[probe(t, num)] : NULL;
	if (slot && (*slot)->refs > 1) {
		struct sk_fd *mine = copy_fd(s, *slot);

		if (!mine)
			return NULL;
		sk_fd_unref(s, *slot);
		*slot = mine;
	}
	return slot ? *slot : NULL;
}

/* Close the gap at I: entries behind it that a search would no longer reach move up. */
static void
close_gap(struct sk_fdtable *t, size_t i)
{
	for (size_t j = i;;) {
		t->slot[i] = NULL;
		size_t h;
		do {
			j = (j + 1) & t->mask;
			if (!t->slot[j])
				return;
			h = home(t, t->slot[j]->num);
		} while (((j - h) & t->mask) < ((j - i) & t->mask));
		t->slot[i] = t->slot[j];
		i = j;
	}
}

static void
remove_at(struct sk_state *s, struct sk_fdtable *t, size_t i)
{
	struct sk_fd *fd = t->slot[i];

	t->count--;
	close_gap(t, i);
	sk_fd_unref(s, fd);
	s->stats.fds_removed++;
}

void
sk_fd_remove(struct sk_state *s, struct sk_thread *main, int64_t num)
{
	if (!main || !sk_fdtable_find(main->fds, num))
		return;
	struct sk_fdtable *t = own(s, main);
	if (t)
		remove_at(s, t, probe(t, num));
}

void
sk_fds_drop(struct sk_state *s, struct sk_thread *main, int64_t lo, int64_t hi, uint32_t flags)
{
	const struct sk_fdtable *before = main ? main->fds : NULL;
	bool any = false;

	for (size_t i = 0; before && i <= before->mask && !any; i++) {
		const struct sk_fd *fd = before->slot[i];

		any = fd && (fd->flags & flags) == flags && fd->num >= lo && fd->num <= hi;
	}
	struct sk_fdtable *t = any ? own(s, main) : NULL;
	for (size_t i = 0; t && i <= t->mask;) {
		const struct sk_fd *fd = t->slot[i];

		/* A removal may bring another entry to this place. */
		if (fd && (fd->flags & flags) == flags && fd->num >= lo && fd->num <= hi)
			remove_at(s, t, i);
		else
			i++;
	}
}

void
sk_fds_share(struct sk_state *s, struct sk_thread *child, struct sk_thread *parent)
{
	struct sk_fdtable *t = parent->fds;

	if (t)
		t->refs++;
	sk_fds_release(s, child->fds);
	child->fds = t;
	child->fds_inherited = t != NULL;
}

bool
sk_fds_any(const struct sk_fdtable *t, bool (*fn)(const void *arg, const struct sk_fd *fd), const void *arg)
{
	for (size_t i = 0; t && i <= t->mask; i++)
		if (t->slot[i] && fn(arg, t->slot[i]))
			return true;
	return false;
}

static int
by_number(const void *a, const void *b)
{
	const struct sk_fd *x = *(struct sk_fd *const *)a, *y = *(struct sk_fd *const *)b;

	return (x->num > y->num) - (x->num < y->num);
}

void
sk_fdtable_each(const struct sk_fdtable *t, void (*fn)(void *arg, const struct sk_fd *fd), void *arg)
{
	struct sk_fd *few[64];
	size_t n = 0, count = sk_fdtable_count(t);
	SK_AUTO_FREE struct sk_fd **many = count > SK_COUNTOF(few) ? malloc(count * sizeof(*many)) : NULL;
	struct sk_fd **all = count > SK_COUNTOF(few) ? many : few;

	if (!count || !all)
		return;
	for (size_t i = 0; i <= t->mask; i++)
		if (t->slot[i])
			all[n++] = t->slot[i];
	qsort(all, n, sizeof(struct sk_fd *), by_number);
	for (size_t i = 0; i < n; i++)
		fn(arg, all[i]);
}

void
sk_fd_rename(struct sk_state *s, struct sk_fd *fd, struct sk_slice name)
{
	if (sk_slice_eq(sk_str_slice(fd->name), name))
		return;
	sk_str_set(&s->strings, &fd->name, name);
	fd->flags |= SK_FDF_NAME_CHANGED;
	if (s->renamed)
		s->renamed->flags &= ~(uint32_t)SK_FDF_NAME_CHANGED;
	s->renamed = fd;
	s->leftovers = true;
}
