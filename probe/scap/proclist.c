/* Process lists. Versions 1 to 8 are rows of fields, each version with some more; 9 says how long each entry is. */
#include "probe/scap/format.h"
#include "probe/scap/lists.h"

struct sk_reader
sk_list_entry(struct sk_reader *r, bool inclusive)
{
	uint32_t n = sk_read_u32(r), counted = inclusive ? 4 : 0;
	const uint8_t *p = n >= counted ? sk_read_bytes(r, n - counted) : NULL;

	return p ? sk_reader(p, n - counted) : (struct sk_reader){ r->p, r->p, true };
}

static void
read_base(struct sk_reader *r, uint32_t version, struct sk_thread_entry *t)
{
	t->tid = sk_read_i64(r);
	t->pid = sk_read_i64(r);
	t->ptid = sk_read_i64(r);
	t->sid = version >= 6 ? sk_read_i64(r) : -1;
	t->vpgid = version >= 8 ? sk_read_i64(r) : -1;
	t->comm = sk_read_str16(r);
	t->exe = sk_read_str16(r);
	t->exepath = version >= 7 ? sk_read_str16(r) : sk_slice("", 0);
	t->args = sk_read_str16(r);
	t->cwd = sk_read_str16(r);
	t->fdlimit = sk_read_i64(r);
	t->flags = sk_read_u32(r);
	t->uid = sk_read_u32(r);
	t->gid = sk_read_u32(r);
}

static void
read_middle(struct sk_reader *r, uint32_t version, struct sk_thread_entry *t)
{
	t->env = t->cgroups = t->root = sk_slice("", 0);
	t->vtid = t->vpid = t->pgid = -1;
	t->loginuid = UINT32_MAX;
	if (version >= 2) {
		t->vmsize_kb = sk_read_u32(r);
		t->vmrss_kb = sk_read_u32(r);
		t->vmswap_kb = sk_read_u32(r);
		t->pfmajor = sk_read_u64(r);
		t->pfminor = sk_read_u64(r);
	}
	if (version >= 3)
		t->env = sk_read_str16(r);
	if (version >= 4) {
		t->vtid = sk_read_i64(r);
		t->vpid = sk_read_i64(r);
		t->cgroups = sk_read_str16(r);
	}
	if (version >= 5)
		t->root = sk_read_str16(r);
}

/* The next N bytes as a number, if the entry goes on that far; else *V keeps its default. */
static bool
optional(struct sk_reader *r, void *v, size_t n)
{
	const uint8_t *p = sk_reader_left(r) >= n ? sk_read_bytes(r, n) : NULL;

	if (p)
		memcpy(v, p, n);
	return p != NULL;
}

static bool
optional_bool(struct sk_reader *r)
{
	uint8_t v = 0;

	return optional(r, &v, 1) && v != 0;
}

static void
read_tail(struct sk_reader *r, struct sk_thread_entry *t)
{
	if (sk_reader_left(r) > SK_PROC_SHORT_TAIL) {
		optional(r, &t->pidns_init_start_ts, 8);
		optional(r, &t->tty, 4);
	}
	optional(r, &t->loginuid, 4);
	t->exe_writable = optional_bool(r);
	optional(r, &t->cap_inheritable, 8);
	optional(r, &t->cap_permitted, 8);
	optional(r, &t->cap_effective, 8);
	t->exe_upper = optional_bool(r);
	optional(r, &t->exe_ino, 8);
	optional(r, &t->exe_ino_ctime, 8);
	optional(r, &t->exe_ino_mtime, 8);
	t->exe_memfd = optional_bool(r);
	t->exe_lower = optional_bool(r);
	optional(r, &t->pgid, 8);
}

bool
sk_scap_procs(struct sk_reader body, uint32_t version, const struct sk_list_sink *sink, const char **ret_why)
{
	while (sk_reader_left(&body) >= SK_LIST_PADDING) {
		struct sk_thread_entry t = { 0 };
		struct sk_reader entry = version >= 9 ? sk_list_entry(&body, true) : body;

		read_base(&entry, version, &t);
		read_middle(&entry, version, &t);
		if (entry.bad) {
			*ret_why = "a process entry is longer than its list";
			return false;
		}
		if (version >= 9)
			read_tail(&entry, &t);
		else
			body = entry;
		if (sink->thread)
			sink->thread(sink->ctx, &t);
	}
	return true;
}
